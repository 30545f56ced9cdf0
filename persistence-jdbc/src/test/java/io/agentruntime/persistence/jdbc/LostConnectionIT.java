// SPDX-License-Identifier: MIT

package io.agentruntime.persistence.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.pool.HikariPool;
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
import java.util.concurrent.Callable;
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
  void theStoreSaysThatItIsGoneAndGoesOnWhenItIsBack(String database) throws Exception {
    try (DatabaseServer server = server(database);
        TestStore store = TestStore.on(folder, server.settings())) {
      prepare(store);
      PersistenceAdapter adapter = openImpatient(store);
      appendInTheEnd(adapter, 0);

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
      appendInTheEnd(adapter, 1);
      assertStored(store, 2);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"postgresql", "mariadb"})
  void aServerThatStandsStillInATransactionHoldsNobodyUpForLong(String database) throws Exception {
    try (DatabaseServer server = server(database);
        TestStore store = TestStore.on(folder, server.settings())) {
      Map<String, String> settings = new HashMap<>(server.settings());
      settings.put("timeout-ms", "1000");
      prepare(store);
      PersistenceAdapter adapter = openImpatient(store);
      try (HikariDataSource pool =
              inTheEnd(
                  () ->
                      ConnectionPool.open(
                          JdbcSettings.of(
                              TestProviderContext.in(folder, InstantSource.system())
                                  .with(settings))));
          Connection still = pool.getConnection();
          Statement statement = still.createStatement()) {
        still.setAutoCommit(false);
        assertThat(statement.executeUpdate("UPDATE session SET lease_until = 1")).isEqualTo(1);

        // On a slow machine the database may have ended the other transaction before the first try.
        appendInTheEnd(adapter, 0);
        assertThatThrownBy(still::commit).isInstanceOf(SQLException.class);
      }
      assertStored(store, 1);
    }
  }

  private static DatabaseServer server(String database) {
    Supplier<DatabaseServer> server =
        database.equals("mariadb") ? DatabaseServer::mariadb : DatabaseServer::postgresql;
    return server.get();
  }

  /** Makes tables and a session. */
  private static void prepare(TestStore store) throws InterruptedException {
    try (PersistenceAdapter patient = store.openPatient()) {
      patient.createSessionRecord(TestStore.record("s"));
    }
  }

  /** An adapter that waits for a second only, which may be too short to begin with. */
  private static PersistenceAdapter openImpatient(TestStore store) throws Exception {
    return inTheEnd(() -> store.open(Map.of("timeout-ms", "1000")));
  }

  /** Appends one event, again and again as long as that fails. */
  private static void appendInTheEnd(PersistenceAdapter adapter, long last)
      throws InterruptedException {
    Instant deadline = Instant.now().plus(PATIENCE);
    AppendResult result = append(adapter, last);
    while (result instanceof AppendResult.Failed && Instant.now().isBefore(deadline)) {
      result = append(adapter, last);
    }
    // The answer to an attempt that was given up may have been lost after it had been stored.
    assertThat(result)
        .isIn(new AppendResult.Appended(last + 1), new AppendResult.Conflict(last + 1));
  }

  private static void assertStored(TestStore store, int events) throws InterruptedException {
    assertThat(store.openPatient().events().read(ID, 0, 10).events())
        .isEqualTo(TestStore.deltas(ID, LeaseEpoch.NONE, 0, events).events());
  }

  /** The result of something that a busy machine may not do in time at first. */
  private static <T> T inTheEnd(Callable<T> action) throws Exception {
    Instant deadline = Instant.now().plus(PATIENCE);
    while (true) {
      try {
        return action.call();
      } catch (AgentRuntimeException | HikariPool.PoolInitializationException e) {
        if (Instant.now().isAfter(deadline)) {
          throw e;
        }
      }
    }
  }

  private static AppendResult append(PersistenceAdapter adapter, long last)
      throws InterruptedException {
    return adapter
        .events()
        .append(List.of(TestStore.deltas(ID, LeaseEpoch.NONE, last, 1)))
        .getFirst();
  }
}
