// SPDX-License-Identifier: MIT

package io.agentruntime.spi.persistence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentruntime.model.conversation.ConversationId;
import io.agentruntime.model.event.EventEnvelope;
import io.agentruntime.model.event.SessionEvent;
import io.agentruntime.model.session.SessionId;
import io.agentruntime.model.workspace.Content;
import io.agentruntime.model.workspace.ContentHash;
import io.agentruntime.model.workspace.FileKind;
import io.agentruntime.model.workspace.WorkspaceFile;
import io.agentruntime.model.workspace.WorkspacePath;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

final class PersistenceRecordsTest {
  private static final SessionId ID = new SessionId("s");

  private static EventEnvelope event(SessionId id, long seq) {
    return new EventEnvelope(
        1,
        id,
        seq,
        ConversationId.MAIN,
        null,
        EventEnvelope.NOT_PROTOCOL,
        Instant.EPOCH,
        new SessionEvent.TranscriptSaved(1));
  }

  @Test
  void aBatchIsNumberedWithoutGaps() {
    assertThat(
            new AppendBatch(ID, LeaseEpoch.NONE, 4, List.of(event(ID, 5), event(ID, 6))).events())
        .hasSize(2);
    for (List<EventEnvelope> wrong :
        List.of(
            List.<EventEnvelope>of(),
            List.of(event(ID, 4)),
            List.of(event(ID, 6)),
            List.of(event(ID, 5), event(ID, 7)),
            List.of(event(ID, 5), event(ID, 5)),
            List.of(event(new SessionId("other"), 5)))) {
      assertThatThrownBy(() -> new AppendBatch(ID, LeaseEpoch.NONE, 4, wrong))
          .hasMessageStartingWith("events");
    }
  }

  @Test
  void aRegularFileHasAContentAndOthersHaveNone() {
    WorkspacePath path = new WorkspacePath("a");
    WorkspaceFile file =
        new WorkspaceFile(path, FileKind.REGULAR, 0644, 0, ContentHash.of(new byte[0]), null);
    WorkspaceFile link = new WorkspaceFile(path, FileKind.SYMLINK, 0777, 0, null, "b");
    assertThatThrownBy(() -> new StoredFile(file, null)).hasMessageContaining("stored file a");
    assertThatThrownBy(() -> new StoredFile(link, Content.of("")))
        .hasMessageContaining("stored file a");
    assertThat(new StoredFile(link, null).file()).isEqualTo(link);
  }

  @Test
  void aTranscriptChunkHasARelativeNameAndAnOffset() {
    assertThatThrownBy(() -> new TranscriptChunk(ID, LeaseEpoch.NONE, "../x", 0, new byte[0]))
        .hasMessageStartingWith("path");
    assertThatThrownBy(() -> new TranscriptChunk(ID, LeaseEpoch.NONE, "x", -1, new byte[0]))
        .hasMessageStartingWith("offset");
    assertThat(new TranscriptChunk(ID, LeaseEpoch.NONE, "x", 0, new byte[7]))
        .hasToString("TranscriptChunk[s, x at 0, 7 bytes]");
  }

  @Test
  void whatHoldsTextDoesNotShowIt() {
    assertThat(new TranscriptWrite(ID, LeaseEpoch.NONE, "private", null).toString())
        .doesNotContain("private");
  }

  @Test
  void aQueryAsksForAtMostAThousand() {
    assertThatThrownBy(() -> SessionQuery.first(0)).hasMessageContaining("1 to 1000");
    assertThatThrownBy(() -> SessionQuery.first(1001)).hasMessageContaining("1 to 1000");
    assertThat(SessionQuery.first(1000).limit()).isEqualTo(1000);
  }
}
