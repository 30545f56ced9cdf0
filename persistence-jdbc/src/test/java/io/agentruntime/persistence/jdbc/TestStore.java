// SPDX-License-Identifier: MIT

package io.agentruntime.persistence.jdbc;

import io.agentruntime.model.block.BlockId;
import io.agentruntime.model.conversation.ConversationId;
import io.agentruntime.model.event.DeltaField;
import io.agentruntime.model.event.EventEnvelope;
import io.agentruntime.model.event.SessionEvent;
import io.agentruntime.model.session.SessionId;
import io.agentruntime.model.session.SessionRecord;
import io.agentruntime.spi.persistence.AppendBatch;
import io.agentruntime.spi.persistence.LeaseEpoch;
import io.agentruntime.spi.persistence.PersistenceAdapter;
import io.agentruntime.testkit.TestProviderContext;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Adapters on one database, and a look past them into its tables. Confined to one thread. */
final class TestStore implements AutoCloseable {
  /** A setting {@code timeout-ms} for contracts on a busy machine. */
  static final String PATIENCE_MILLIS = "60000";

  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private final Path folder;
  private final Map<String, String> settings;
  private final List<PersistenceAdapter> open = new ArrayList<>();

  private TestStore(Path folder, Map<String, String> settings) {
    this.folder = folder;
    this.settings = settings;
  }

  /** On a file in a folder. */
  static TestStore in(Path folder, Engine engine) {
    String file = folder.resolve("store").toAbsolutePath().toString();
    String url =
        switch (engine) {
          case SQLITE -> "jdbc:sqlite:" + file + ".db";
          case H2 -> "jdbc:h2:file:" + file;
          case POSTGRESQL, MARIADB, MYSQL -> throw new IllegalArgumentException("no file");
        };
    return new TestStore(folder, Map.of("url", url));
  }

  /** On a server. */
  static TestStore on(Path folder, Map<String, String> settings) {
    return new TestStore(folder, settings);
  }

  /** Another adapter, open. */
  PersistenceAdapter open() throws InterruptedException {
    return open(Map.of());
  }

  /** Another adapter, open, which waits for long: the machine may be busy. */
  PersistenceAdapter openPatient() throws InterruptedException {
    return open(Map.of("timeout-ms", PATIENCE_MILLIS));
  }

  /** Another adapter with some settings changed, open. */
  PersistenceAdapter open(Map<String, String> changes) throws InterruptedException {
    Map<String, String> all = new HashMap<>(settings);
    all.putAll(changes);
    JdbcPersistenceAdapter adapter = new JdbcPersistenceAdapter();
    adapter.open(TestProviderContext.in(folder, InstantSource.system()).with(all));
    open.add(adapter);
    return adapter;
  }

  static SessionRecord record(String id) {
    return new SessionRecord(
        new SessionId(id),
        "claude-agent-sdk",
        "default",
        Map.of(),
        START,
        null,
        id,
        Map.of(),
        null);
  }

  static AppendBatch deltas(SessionId id, LeaseEpoch epoch, long last, int count) {
    return deltas(id, epoch, last, count, "a few words of text ");
  }

  static AppendBatch deltas(SessionId id, LeaseEpoch epoch, long last, int count, String text) {
    List<EventEnvelope> events = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      long seq = last + 1 + i;
      events.add(
          new EventEnvelope(
              EventEnvelope.SCHEMA,
              id,
              seq,
              ConversationId.MAIN,
              null,
              EventEnvelope.NOT_PROTOCOL,
              START.plusMillis(seq),
              new SessionEvent.BlockDelta(new BlockId("b"), DeltaField.TEXT, text + seq)));
    }
    return new AppendBatch(id, epoch, last, events);
  }

  /** How many rows each table of ours has. */
  Map<String, Long> rows() throws SQLException {
    Map<String, Long> rows = new TreeMap<>();
    try (Connection connection = DriverManager.getConnection(settings.get("url"));
        Statement statement = connection.createStatement()) {
      List<String> tables = new ArrayList<>();
      try (ResultSet all =
          connection
              .getMetaData()
              .getTables(null, null, "%", new String[] {"TABLE", "BASE TABLE"})) {
        while (all.next()) {
          String schema = all.getString("TABLE_SCHEM");
          if (!"INFORMATION_SCHEMA".equals(schema)) {
            tables.add(all.getString("TABLE_NAME"));
          }
        }
      }
      for (String table : tables) {
        try (ResultSet count = statement.executeQuery("SELECT COUNT(*) FROM \"" + table + "\"")) {
          count.next();
          rows.put(table.toLowerCase(Locale.ROOT), count.getLong(1));
        }
      }
    }
    return rows;
  }

  @Override
  public void close() {
    open.forEach(PersistenceAdapter::close);
  }
}
