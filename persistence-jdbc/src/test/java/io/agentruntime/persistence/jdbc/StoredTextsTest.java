// SPDX-License-Identifier: MIT

package io.agentruntime.persistence.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import io.agentruntime.model.session.SessionId;
import io.agentruntime.model.session.SessionUpdate;
import io.agentruntime.model.transcript.StoredTranscript;
import io.agentruntime.spi.persistence.AppendBatch;
import io.agentruntime.spi.persistence.AppendResult;
import io.agentruntime.spi.persistence.LeaseEpoch;
import io.agentruntime.spi.persistence.PersistenceAdapter;
import io.agentruntime.spi.persistence.RecordUpdate;
import io.agentruntime.spi.persistence.TranscriptWrite;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class StoredTextsTest {
  /** Deltas may be cut between the halves of a character. */
  private static final String HALF = "half \uD83D";

  private static final SessionId ID = new SessionId("s");

  private @TempDir Path folder;
  private @Nullable TestStore store;
  private @Nullable PersistenceAdapter opened;

  @BeforeEach
  void open() throws InterruptedException {
    store = TestStore.in(folder, Engine.SQLITE);
    opened = store.open();
    opened.createSessionRecord(TestStore.record("s"));
  }

  @AfterEach
  void close() {
    Objects.requireNonNull(store).close();
  }

  private PersistenceAdapter adapter() {
    return Objects.requireNonNull(opened);
  }

  private void save(String text) throws InterruptedException {
    adapter().saveTranscript(new TranscriptWrite(ID, LeaseEpoch.NONE, text, null));
    assertThat(adapter().loadSession(ID).orElseThrow().transcript())
        .isEqualTo(new StoredTranscript(text, Map.of()));
  }

  @Test
  void halfACharacterIsKeptInEventsRecordsAndTranscripts() throws InterruptedException {
    AppendBatch batch = TestStore.deltas(ID, LeaseEpoch.NONE, 0, 2, HALF);
    assertThat(adapter().events().append(List.of(batch)))
        .containsExactly(new AppendResult.Appended(2));
    assertThat(adapter().events().read(ID, 0, 10).events()).isEqualTo(batch.events());
    SessionUpdate named = new SessionUpdate(Map.of("k", HALF), null, HALF, null);
    adapter().updateSessionRecord(new RecordUpdate(ID, LeaseEpoch.NONE, named));
    assertThat(adapter().loadSessionRecord(ID).orElseThrow().name()).isEqualTo(HALF);
    save(HALF);
    save(HALF + " and more");
    save("whole \uD83D\uDE80");
  }

  @Test
  void aTextThatGrowsShrinksOrChangesInItsMiddleComesBackAsItIs() throws InterruptedException {
    String large = "0123456789abcdef".repeat(100_000);
    save(large);
    save(large + "more");
    save(large + "less");
    save(large.substring(0, 700_000));
    save(large.substring(0, 300_000) + "x" + large.substring(300_001));
    save("x");
    save("");
    save(large);
  }

  @Test
  void aRecordThatIsTooLargeIsRefused() {
    SessionUpdate large = new SessionUpdate(null, null, null, Map.of("k", "x".repeat(2 << 20)));
    AgentRuntimeException refusal =
        catchThrowableOfType(
            AgentRuntimeException.class,
            () -> adapter().updateSessionRecord(new RecordUpdate(ID, LeaseEpoch.NONE, large)));
    assertThat(refusal.code()).isEqualTo(StandardError.LIMIT_EXCEEDED);
  }
}
