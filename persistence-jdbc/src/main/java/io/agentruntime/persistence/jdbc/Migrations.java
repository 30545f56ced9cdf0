package io.agentruntime.persistence.jdbc;

import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.configuration.FluentConfiguration;

/** Brings the schema up to date. One set of migrations: only types differ between databases. */
final class Migrations {
  private Migrations() {}

  static void run(DataSource dataSource, Engine engine) {
    FluentConfiguration flyway =
        Flyway.configure(Migrations.class.getClassLoader())
            .dataSource(dataSource)
            .locations("classpath:io/agentruntime/persistence/jdbc/migration")
            .table("agent_runtime_schema")
            // A database that somebody else uses too is none of our business.
            .baselineOnMigrate(false)
            .cleanDisabled(true)
            .placeholders(engine.types());
    flyway.load().migrate();
  }
}
