// SPDX-License-Identifier: MIT

package io.agentruntime.persistence.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import io.agentruntime.model.event.EventEnvelope;
import io.agentruntime.model.transcript.StoredTranscript;
import io.agentruntime.model.workspace.Manifest;
import io.agentruntime.spi.persistence.AppendResult;
import io.agentruntime.spi.persistence.LeaseEpoch;
import io.agentruntime.spi.persistence.PersistenceAdapter;
import io.agentruntime.spi.persistence.StoredSession;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A database that the code of the first migration wrote. */
final class UpgradeTest {
  private @TempDir Path folder;

  @BeforeEach
  void unpack() throws IOException {
    try (InputStream in =
        new GZIPInputStream(
            Objects.requireNonNull(getClass().getResourceAsStream("schema-1.db.gz")))) {
      Files.copy(in, folder.resolve("store.db"));
    }
  }

  @Test
  void whatTheFirstVersionWroteIsReadAndGoesOn() throws IOException, InterruptedException {
    try (TestStore store = TestStore.in(folder, Engine.SQLITE)) {
      PersistenceAdapter adapter = store.open();
      StoredSession session = adapter.loadSession(FirstSchema.ID).orElseThrow();
      assertThat(session.record()).isEqualTo(FirstSchema.RECORD);
      assertThat(session.transcript())
          .isEqualTo(new StoredTranscript("main ünï", Map.of("agent-1", "sub")));
      assertThat(Objects.requireNonNull(session.files().getFirst().content()).readAll())
          .isEqualTo(FirstSchema.BYTES);
      List<EventEnvelope> written = new ArrayList<>(FirstSchema.SMALL.events());
      written.addAll(FirstSchema.LARGE.events());
      assertThat(adapter.events().read(FirstSchema.ID, 0, 100).events()).isEqualTo(written);
      try (InputStream in = adapter.transcripts().open(FirstSchema.ID, "main.jsonl", 0)) {
        assertThat(in.readAllBytes()).isEqualTo(FirstSchema.BYTES);
      }
      assertThat(adapter.workspaces().manifest(FirstSchema.ID))
          .contains(new Manifest(List.of(FirstSchema.FILE, FirstSchema.LINK)));
      assertThat(adapter.loadAgentProfile("first-profile")).contains(FirstSchema.PROFILE);
      assertThat(
              adapter
                  .events()
                  .append(List.of(TestStore.deltas(FirstSchema.ID, new LeaseEpoch(1), 51, 1))))
          .containsExactly(new AppendResult.Appended(52));
    }
  }

  @Test
  void aSessionThatItsServerDidNotGiveBackIsLookedAtAgain() throws InterruptedException {
    try (TestStore store = TestStore.in(folder, Engine.SQLITE)) {
      PersistenceAdapter adapter = store.open();
      assertThat(adapter.events().unfinished(null, 10)).containsExactly(FirstSchema.ID);
    }
  }

  @Test
  void whatANewerVersionWroteIsRefused() throws SQLException {
    try (TestStore store = TestStore.in(folder, Engine.SQLITE)) {
      try (Connection connection =
              DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("store.db"));
          Statement statement = connection.createStatement()) {
        statement.executeUpdate(
            "INSERT INTO agent_runtime_schema (installed_rank, version, description, type, script,"
                + " checksum, installed_by, execution_time, success)"
                + " VALUES (999, '999', 'newer', 'SQL', 'V999__newer.sql', 1, 'x', 1, 1)");
      }
      AgentRuntimeException refusal =
          catchThrowableOfType(AgentRuntimeException.class, store::open);
      assertThat(refusal.code()).isEqualTo(StandardError.CONFIGURATION);
      assertThat(refusal).hasMessageContaining("not those of this version");
    }
  }

  @Test
  void aDatabaseOfSomebodyElseIsRefused() throws SQLException {
    try (TestStore store = TestStore.in(folder, Engine.H2)) {
      try (Connection connection =
              DriverManager.getConnection(
                  "jdbc:h2:file:" + folder.resolve("store").toAbsolutePath());
          Statement statement = connection.createStatement()) {
        statement.executeUpdate("CREATE TABLE customer (id INTEGER)");
      }
      AgentRuntimeException refusal =
          catchThrowableOfType(AgentRuntimeException.class, store::open);
      assertThat(refusal.code()).isEqualTo(StandardError.CONFIGURATION);
    }
  }
}
