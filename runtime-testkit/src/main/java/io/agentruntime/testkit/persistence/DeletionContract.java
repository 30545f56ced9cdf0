// SPDX-License-Identifier: MIT

package io.agentruntime.testkit.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentruntime.error.StandardError;
import io.agentruntime.model.session.SessionId;
import io.agentruntime.model.session.SessionUpdate;
import io.agentruntime.model.workspace.Content;
import io.agentruntime.model.workspace.ContentHash;
import io.agentruntime.model.workspace.Manifest;
import io.agentruntime.spi.persistence.AppendResult;
import io.agentruntime.spi.persistence.FileWrite;
import io.agentruntime.spi.persistence.LeaseEpoch;
import io.agentruntime.spi.persistence.PersistenceCapability;
import io.agentruntime.spi.persistence.RecordUpdate;
import io.agentruntime.spi.persistence.StoredFile;
import io.agentruntime.spi.persistence.TranscriptChunk;
import io.agentruntime.spi.persistence.TranscriptWrite;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

@Role(PersistenceCapability.DELETE_SESSION)
abstract class DeletionContract extends RoleContract {
  private static final ContentHash HASH = ContentHash.of(new byte[] {1});

  /** A session with something in every role. */
  private LeaseEpoch fill(SessionId id) throws IOException, InterruptedException {
    LeaseEpoch epoch = bench().own(id);
    StoredFile file = TestContents.file("a", new byte[] {1});
    adapter().saveTranscript(new TranscriptWrite(id, epoch, "main", null));
    adapter().saveTranscript(new TranscriptWrite(id, epoch, "sub", "agent-1"));
    adapter().saveWorkspaceFile(new FileWrite(id, epoch, file));
    if (bench().has(PersistenceCapability.EVENTS)) {
      adapter().events().append(List.of(TestLog.deltas(id, epoch, 0, 3)));
    }
    if (bench().has(PersistenceCapability.TRANSCRIPTS)) {
      adapter().transcripts().write(new TranscriptChunk(id, epoch, "t", 0, new byte[] {1}));
    }
    if (bench().has(PersistenceCapability.WORKSPACES)) {
      adapter().workspaces().put(id, HASH, Content.of(new byte[] {1}));
      adapter().workspaces().saveManifest(id, epoch, new Manifest(List.of(file.file())));
    }
    return epoch;
  }

  private void assertNothingLeft(SessionId id) throws InterruptedException {
    if (bench().has(PersistenceCapability.EVENTS)) {
      assertThat(adapter().events().last(id)).isZero();
      assertThat(adapter().events().read(id, 0, 10).events()).isEmpty();
    }
    if (bench().has(PersistenceCapability.TRANSCRIPTS)) {
      assertThat(adapter().transcripts().list(id)).isEmpty();
      assertRefused(StandardError.FILE_NOT_FOUND, () -> adapter().transcripts().open(id, "t", 0));
    }
    if (bench().has(PersistenceCapability.WORKSPACES)) {
      assertThat(adapter().workspaces().manifest(id)).isEmpty();
      assertThat(adapter().workspaces().missing(id, List.of(HASH))).containsExactly(HASH);
    }
  }

  @Test
  void aDeletedSessionLeavesNothing() throws IOException, InterruptedException {
    SessionId id = bench().session();
    fill(id);
    adapter().deleteSession(id);
    assertThat(adapter().loadSession(id)).isEmpty();
    assertThat(adapter().loadSessionRecord(id)).isEmpty();
    assertThat(adapter().listAllSessions()).noneMatch(session -> session.id().equals(id));
    assertNothingLeft(id);
  }

  @Test
  void deletingNothingIsNoError() throws InterruptedException {
    adapter().deleteSession(NOBODY);
    SessionId id = bench().session();
    adapter().deleteSession(id);
    adapter().deleteSession(id);
  }

  @Test
  void aLateWriterDoesNotReviveIt() throws IOException, InterruptedException {
    SessionId id = bench().session();
    LeaseEpoch epoch = fill(id);
    adapter().deleteSession(id);
    assertRefused(
        StandardError.SESSION_NOT_FOUND,
        () -> adapter().saveTranscript(new TranscriptWrite(id, epoch, "x", null)));
    assertRefused(
        StandardError.SESSION_NOT_FOUND,
        () ->
            adapter()
                .updateSessionRecord(
                    new RecordUpdate(id, epoch, SessionUpdate.activity(bench().clock.instant()))));
    if (bench().has(PersistenceCapability.EVENTS)) {
      assertThat(adapter().events().append(List.of(TestLog.deltas(id, epoch, 3, 1))).getFirst())
          .isInstanceOf(AppendResult.Failed.class);
    }
    assertThat(adapter().loadSession(id)).isEmpty();
    assertNothingLeft(id);
  }

  @Test
  void aSessionCreatedAgainBeginsEmpty() throws IOException, InterruptedException {
    SessionId id = bench().session();
    fill(id);
    adapter().deleteSession(id);
    adapter().createSessionRecord(bench().record(id));
    var session = adapter().loadSession(id).orElseThrow();
    assertThat(session.transcript()).isNull();
    assertThat(session.files()).isEmpty();
    assertNothingLeft(id);
    if (bench().has(PersistenceCapability.EVENTS)) {
      assertThat(adapter().events().append(List.of(TestLog.deltas(id, bench().own(id), 0, 1))))
          .containsExactly(new AppendResult.Appended(1));
    }
  }

  @Test
  void otherSessionsKeepWhatTheyShareWithIt() throws IOException, InterruptedException {
    SessionId id = bench().session();
    SessionId other = bench().session();
    fill(id);
    fill(other);
    adapter().deleteSession(id);
    var kept = adapter().loadSession(other).orElseThrow();
    assertThat(kept.transcript()).isNotNull();
    assertThat(kept.files()).hasSize(1);
    if (bench().has(PersistenceCapability.EVENTS)) {
      assertThat(adapter().events().last(other)).isEqualTo(3);
    }
    if (bench().has(PersistenceCapability.WORKSPACES)) {
      assertThat(TestContents.hash(adapter().workspaces().open(other, HASH))).isEqualTo(HASH);
    }
  }
}
