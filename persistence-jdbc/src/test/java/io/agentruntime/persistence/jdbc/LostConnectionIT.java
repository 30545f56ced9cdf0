// SPDX-License-Identifier: MIT

package io.agentruntime.persistence.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.zaxxer.hikari.HikariDataSource;
import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import io.agentruntime.model.session.SessionId;
import io.agentruntime.spi.persistence.AppendResult;
import io.agentruntime.spi.persistence.LeaseEpoch;
import io.agentruntime.spi.persistence.PersistenceAdapter;
import io.agentruntime.testkit.TestProviderContext;
import io.agentruntime.testkit.requirement.Requirement;
import io.agentruntime.testkit.requirement.Requires;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A server goes and comes back under a running adapter. */
@Requires(Requirement.DATABASES)
final class LostConnectionIT {
  private static final SessionId ID = new SessionId("s");
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"postgresql", "mariadb"})
  void theStoreSaysThatItIsGoneAndGoesOnWhenItIsBack(String database) throws InterruptedException {
    try (DatabaseServer server = server(database);
        TestStore store = TestStore.on(folder, server.settings())) {
      PersistenceAdapter adapter = store.open(Map.of("timeout-ms", "1000"));
      adapter.createSessionRecord(TestStore.record("s"));
      assertThat(append(adapter, 0)).isEqualTo(new AppendResult.Appended(1));

      server.stop();
      assertThat(append(adapter, 1))
          .isInstanceOfSatisfying(
              AppendResult.Failed.class,
              failed -> {
                assertThat(failed.error().code()).isEqualTo(StandardError.STORE_UNAVAILABLE);
                assertThat(failed.error()).hasMessageContaining("cannot be reached");
              });
      AgentRuntimeException refusal =
          catchThrowableOfType(AgentRuntimeException.class, adapter::listAllSessions);
      assertThat(refusal.code()).isEqualTo(StandardError.STORE_UNAVAILABLE);

      server.startAgain();
      Instant deadline = Instant.now().plus(PATIENCE);
      AppendResult result = append(adapter, 1);
      while (result instanceof AppendResult.Failed && Instant.now().isBefore(deadline)) {
        result = append(adapter, 1);
      }
      assertThat(result).isEqualTo(new AppendResult.Appended(2));
      assertThat(adapter.events().read(ID, 0, 10).events())
          .isEqualTo(TestStore.deltas(ID, LeaseEpoch.NONE, 0, 2).events());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"postgresql", "mariadb"})
  void aServerThatStandsStillInATransactionHoldsNobodyUpForLong(String database) throws Exception {
    try (DatabaseServer server = server(database);
        TestStore store = TestStore.on(folder, server.settings())) {
      Map<String, String> settings = new HashMap<>(server.settings());
      settings.put("timeout-ms", "1000");
      PersistenceAdapter adapter = store.open(Map.of("timeout-ms", "1000"));
      adapter.createSessionRecord(TestStore.record("s"));
      try (HikariDataSource pool =
              ConnectionPool.open(
                  JdbcSettings.of(
                      TestProviderContext.in(folder, InstantSource.system()).with(settings)));
          Connection still = pool.getConnection();
          Statement statement = still.createStatement()) {
        still.setAutoCommit(false);
        assertThat(statement.executeUpdate("UPDATE session SET lease_until = 1")).isEqualTo(1);

        Instant deadline = Instant.now().plus(PATIENCE);
        // On a slow machine the database may have ended the other transaction before the first try.
        AppendResult result = append(adapter, 0);
        while (result instanceof AppendResult.Failed && Instant.now().isBefore(deadline)) {
          result = append(adapter, 0);
        }
        assertThat(result).isEqualTo(new AppendResult.Appended(1));
        assertThatThrownBy(still::commit).isInstanceOf(SQLException.class);
      }
    }
  }

  private static DatabaseServer server(String database) {
    Supplier<DatabaseServer> server =
        database.equals("mariadb") ? DatabaseServer::mariadb : DatabaseServer::postgresql;
    return server.get();
  }

  private static AppendResult append(PersistenceAdapter adapter, long last)
      throws InterruptedException {
    return adapter
        .events()
        .append(List.of(TestStore.deltas(ID, LeaseEpoch.NONE, last, 1)))
        .getFirst();
  }
}
