// SPDX-License-Identifier: MIT

package io.agentruntime.core.defects;

import static io.agentruntime.core.defects.Turns.blocks;
import static io.agentruntime.core.defects.Turns.turn;
import static org.assertj.core.api.Assertions.assertThat;

import io.agentruntime.core.RuntimeFixture;
import io.agentruntime.core.session.Session;
import io.agentruntime.model.session.SessionId;
import io.agentruntime.model.session.SessionRecord;
import io.agentruntime.spi.persistence.LeaseEpoch;
import io.agentruntime.spi.persistence.TranscriptWrite;
import io.agentruntime.testkit.architecture.ScriptedArchitecture;
import io.agentruntime.testkit.persistence.NineOperationsAdapter;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A session that another server wrote, of which there is a transcript and no log. */
class AdoptedSessionTest {
  @TempDir Path folder;

  @Test
  void itsConversationIsThereAtEveryLoadAndGrows() throws Exception {
    NineOperationsAdapter store = new NineOperationsAdapter();
    SessionId id = new SessionId("0b2a5f0e-3a52-4c3a-9d3b-50a0d0c0ffee");
    store.createSessionRecord(
        new SessionRecord(
            id, "scripted", "default", Map.of(), Instant.now(), null, null, Map.of(), null));
    store.saveTranscript(
        new TranscriptWrite(
            id, LeaseEpoch.NONE, "user m1 long ago\ntext-end m1-0 the old answer\n", null));
    try (RuntimeFixture fixture =
        RuntimeFixture.start(
            folder,
            config -> config.persistence(store.id()),
            new ScriptedArchitecture(),
            List.of(store))) {
      for (int load = 0; load < 3; load++) {
        Session session = fixture.runtime().sessions().get(id);
        assertThat(blocks(session)).as("load " + load).contains("long ago", "the old answer");
        fixture.runtime().sessions().unload(id);
      }
      turn(fixture.runtime().sessions().get(id), "recall");
      fixture.runtime().sessions().unload(id);
      assertThat(blocks(fixture.runtime().sessions().get(id)))
          .contains("the old answer", "I recall: long ago");
    }
  }
}
