// SPDX-License-Identifier: MIT

package io.agentruntime.testkit.persistence;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.agentruntime.error.StandardError;
import io.agentruntime.model.session.SessionId;
import io.agentruntime.model.transcript.StoredTranscript;
import io.agentruntime.model.workspace.Content;
import io.agentruntime.model.workspace.ContentHash;
import io.agentruntime.model.workspace.Manifest;
import io.agentruntime.spi.persistence.AppendBatch;
import io.agentruntime.spi.persistence.FileWrite;
import io.agentruntime.spi.persistence.LeaseEpoch;
import io.agentruntime.spi.persistence.PersistenceCapability;
import io.agentruntime.spi.persistence.StoredFile;
import io.agentruntime.spi.persistence.TranscriptChunk;
import io.agentruntime.spi.persistence.TranscriptWrite;
import io.agentruntime.testkit.event.EventSamples;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

@Role(PersistenceCapability.DURABLE)
abstract class DurabilityContract extends RoleContract {
  @Test
  void sessionsTranscriptsAndFilesAreThereAfterReopening()
      throws IOException, InterruptedException {
    SessionId id = bench().session();
    LeaseEpoch epoch = bench().own(id);
    StoredFile file = TestContents.file("bin/ünï", TestContents.binary(), 0755);
    adapter().saveTranscript(new TranscriptWrite(id, epoch, UNICODE, null));
    adapter().saveWorkspaceFile(new FileWrite(id, epoch, file));
    bench().reopen();
    var session = adapter().loadSession(id).orElseThrow();
    assertThat(session.record()).isEqualTo(bench().record(id));
    assertThat(session.transcript()).isEqualTo(new StoredTranscript(UNICODE, Map.of()));
    assertThat(session.files()).extracting(StoredFile::file).containsExactly(file.file());
    Content content = session.files().getFirst().content();
    assertThat(requireNonNull(content).readAll()).isEqualTo(TestContents.binary());
  }

  @Test
  void eventsAreThereAfterReopeningAndGoOn() throws InterruptedException {
    if (!bench().has(PersistenceCapability.EVENTS)) {
      return;
    }
    SessionId id = bench().session();
    LeaseEpoch epoch = bench().own(id);
    AppendBatch batch = TestLog.batch(id, epoch, 0, List.copyOf(EventSamples.events().values()));
    adapter().events().append(List.of(batch));
    bench().reopen();
    assertThat(TestLog.readAll(adapter().events(), id, 0, 1000)).isEqualTo(batch.events());
    assertThat(adapter().events().last(id)).isEqualTo(batch.events().size());
  }

  @Test
  void transcriptFilesAndWorkspacesAreThereAfterReopening()
      throws IOException, InterruptedException {
    SessionId id = bench().session();
    LeaseEpoch epoch = bench().own(id);
    byte[] bytes = TestContents.binary();
    Manifest manifest = new Manifest(List.of(TestContents.file("a", bytes).file()));
    boolean transcripts = bench().has(PersistenceCapability.TRANSCRIPTS);
    boolean workspaces = bench().has(PersistenceCapability.WORKSPACES);
    if (transcripts) {
      adapter().transcripts().write(new TranscriptChunk(id, epoch, "t", 0, bytes));
    }
    if (workspaces) {
      adapter().workspaces().put(id, ContentHash.of(bytes), Content.of(bytes));
      adapter().workspaces().saveManifest(id, epoch, manifest);
    }
    bench().reopen();
    if (transcripts) {
      try (InputStream in = adapter().transcripts().open(id, "t", 0)) {
        assertThat(in.readAllBytes()).isEqualTo(bytes);
      }
    }
    if (workspaces) {
      assertThat(adapter().workspaces().manifest(id)).contains(manifest);
      assertThat(TestContents.hash(adapter().workspaces().open(id, ContentHash.of(bytes))))
          .isEqualTo(ContentHash.of(bytes));
    }
  }

  @Test
  void ownershipOutlivesTheAdapter() throws InterruptedException {
    if (!bench().has(PersistenceCapability.LEASES)) {
      return;
    }
    SessionId id = bench().session();
    LeaseEpoch old = bench().own(id);
    bench().reopen();
    assertThat(adapter().leases().acquire(id, "another", Duration.ofMinutes(1))).isEmpty();
    LeaseEpoch newer = bench().own(id);
    assertThat(newer).isGreaterThan(old);
    bench().reopen();
    assertRefused(
        StandardError.FENCED,
        () -> adapter().saveTranscript(new TranscriptWrite(id, old, "x", null)));
  }
}
