// SPDX-License-Identifier: MIT

package io.agentruntime.persistence.jdbc;

import io.agentruntime.spi.persistence.PersistenceAdapter;
import io.agentruntime.testkit.persistence.PersistenceAdapterContract;
import io.agentruntime.testkit.requirement.Requirement;
import io.agentruntime.testkit.requirement.Requires;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The contract on a real server. */
@Requires(Requirement.DATABASES)
final class PostgresqlPersistenceIT extends PersistenceAdapterContract {
  private static @Nullable DatabaseServer server;

  @BeforeAll
  static void startServer() {
    server = DatabaseServer.postgresql();
  }

  @AfterAll
  static void stopServer() {
    Objects.requireNonNull(server).close();
  }

  @Override
  protected PersistenceAdapter newAdapter() {
    return new JdbcPersistenceAdapter();
  }

  @Override
  protected Map<String, String> settings(Path dataDirectory) {
    return Objects.requireNonNull(server).patientSettings();
  }
}
