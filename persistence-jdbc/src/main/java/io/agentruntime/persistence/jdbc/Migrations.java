// SPDX-License-Identifier: MIT

package io.agentruntime.persistence.jdbc;

import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.configuration.FluentConfiguration;

/** Brings the schema up to date. One set of migrations: only types differ between databases. */
final class Migrations {
  private Migrations() {}

  static void run(DataSource dataSource, DatabaseUrl url) {
    FluentConfiguration flyway =
        Flyway.configure(Migrations.class.getClassLoader())
            .dataSource(dataSource)
            .locations("classpath:io/agentruntime/persistence/jdbc/migration")
            .table("agent_runtime_schema")
            .cleanDisabled(true)
            // What a newer version wrote is not for us.
            .ignoreMigrationPatterns(new String[0])
            .placeholders(url.engine().types());
    try {
      flyway.load().migrate();
    } catch (FlywayException e) {
      if (StoreErrors.isFromDatabase(e)) {
        throw e;
      }
      throw new AgentRuntimeException(
          StandardError.CONFIGURATION,
          "persistence 'jdbc': the tables of "
              + url
              + " are not those of this version: "
              + String.valueOf(e.getMessage()).lines().findFirst().orElse(""),
          e);
    }
  }
}
