// SPDX-License-Identifier: MIT

package io.agentruntime.architecture.claude;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentruntime.model.block.Block;
import io.agentruntime.model.conversation.Conversation;
import io.agentruntime.model.event.SessionEvent.NativeSessionBound;
import io.agentruntime.model.transcript.Transcript;
import io.agentruntime.spi.architecture.AgentArchitecture;
import io.agentruntime.testkit.architecture.AgentArchitectureContract;
import io.agentruntime.testkit.architecture.ProtocolSession;
import io.agentruntime.testkit.architecture.Recording;
import java.util.List;
import java.util.ServiceLoader;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The architecture passes the contract, with recordings of the real program. */
class ClaudeArchitectureTest extends AgentArchitectureContract {
  /** Documented differences of stream and transcript, each with a test of its own below. */
  private static final Set<String> DIFFERENT =
      Set.of("steered-tool", "withdrawn", "cleared", "interrupted-subagent");

  private static final List<Recording> RECORDINGS =
      Recordings.FOLDER.all().stream()
          .map(
              recording ->
                  DIFFERENT.contains(recording.name())
                      ? new Recording(recording.name(), recording.inputs(), Transcript.EMPTY)
                      : recording)
          .toList();

  @Override
  public AgentArchitecture architecture() {
    return new ClaudeArchitecture();
  }

  @Override
  public List<Recording> recordings() {
    return RECORDINGS;
  }

  @Override
  public Object comparable(Conversation conversation) {
    return Parity.of(conversation);
  }

  private List<Block> folded(Recording recording) {
    ProtocolSession session = Recordings.FOLDER.session();
    return Parity.of(session.play(recording.inputs()).conversation()).main();
  }

  private List<Block> decoded(Recording recording) {
    return Parity.of(architecture().transcripts().decode(recording.transcript())).main();
  }

  @Test
  void aSteeredMessageStandsWhereTheAgentTookItUp() {
    Recording steered = Recordings.FOLDER.named("steered-tool");
    assertThat(decoded(steered)).containsExactlyInAnyOrderElementsOf(folded(steered));
    assertThat(decoded(steered)).isNotEqualTo(folded(steered));
  }

  @Test
  void aMessageThatWasWithdrawnIsUnknownToTheAgent() {
    Recording withdrawn = Recordings.FOLDER.named("withdrawn");
    List<Block> all = folded(withdrawn);
    assertThat(decoded(withdrawn)).isEqualTo(all.subList(1, all.size()));
  }

  @Test
  void onlyTheTranscriptKnowsWhatAStoppedSubagentsToolsSaid() {
    Recording stopped = Recordings.FOLDER.named("interrupted-subagent");
    ProtocolSession session = Recordings.FOLDER.session();
    Conversation folded = session.play(stopped.inputs()).conversation();
    Conversation decoded = architecture().transcripts().decode(stopped.transcript());
    assertThat(Parity.of(decoded).main()).isEqualTo(Parity.of(folded).main());
    assertThat(decoded.subagents().getFirst().blocks())
        .extracting(Block::id)
        .containsAll(folded.subagents().getFirst().blocks().stream().map(Block::id).toList());
  }

  @Test
  void aSubagentsOwnSubagentTellsItsReportAndNotTheFrameAroundIt() {
    ProtocolSession session = Recordings.FOLDER.session();
    session.play(Recordings.FOLDER.named("nested-subagents").inputs());
    assertThat(session.conversation().subagents())
        .extracting(subagent -> subagent.output())
        .containsExactlyInAnyOrder("outer", "inner", "beside");
  }

  @Test
  void aClearedConversationGoesOnUnderAnotherId() {
    Recording cleared = Recordings.FOLDER.named("cleared");
    ProtocolSession session = Recordings.FOLDER.session();
    session.play(cleared.inputs());
    assertThat(session.emissions())
        .filteredOn(emission -> emission.event() instanceof NativeSessionBound)
        .hasSize(1);
    assertThat(session.protocol().snapshot().get("nativeId"))
        .isNotEqualTo(Recordings.SESSION.value());
  }

  @Test
  void theServiceLoaderFindsIt() {
    assertThat(ServiceLoader.load(AgentArchitecture.class))
        .anyMatch(ClaudeArchitecture.class::isInstance);
  }

  @Test
  void newSessionIdsAreRandomUuids() {
    assertThat(java.util.UUID.fromString(Recordings.SESSION.value()).version()).isEqualTo(4);
    assertThat(java.util.UUID.fromString(Recordings.SESSION.value()).variant()).isEqualTo(2);
  }
}
