// SPDX-License-Identifier: MIT

package io.agentruntime.architecture.gemini;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentruntime.model.block.Block;
import io.agentruntime.model.block.BlockStatus;
import io.agentruntime.model.conversation.Conversation;
import io.agentruntime.spi.architecture.AgentArchitecture;
import io.agentruntime.testkit.architecture.AgentArchitectureContract;
import io.agentruntime.testkit.architecture.ProtocolSession;
import io.agentruntime.testkit.architecture.Recording;
import java.util.List;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;

/** The architecture passes the contract, with recordings of the real program. */
class GeminiArchitectureTest extends AgentArchitectureContract {
  private static final List<Recording> RECORDINGS = Recordings.FOLDER.all();

  @Override
  public AgentArchitecture architecture() {
    return new GeminiArchitecture();
  }

  @Override
  public List<Recording> recordings() {
    return RECORDINGS;
  }

  @Override
  public Object comparable(Conversation conversation) {
    return Parity.of(conversation);
  }

  @Test
  void aTurnThatBreaksOffLeavesItsTextOpen() {
    Recording cut = Recordings.FOLDER.named("cut-off");
    ProtocolSession session = Recordings.FOLDER.session();
    List<Block> blocks = session.play(cut.inputs()).conversation().blocks();
    assertThat(blocks)
        .extracting(Block::status)
        .containsExactly(BlockStatus.COMPLETE, BlockStatus.ERROR);
  }

  @Test
  void theServiceLoaderFindsIt() {
    assertThat(ServiceLoader.load(AgentArchitecture.class))
        .anyMatch(GeminiArchitecture.class::isInstance);
  }

  @Test
  void newSessionIdsAreRandomUuids() {
    assertThat(java.util.UUID.fromString(Recordings.SESSION.value()).version()).isEqualTo(4);
    assertThat(java.util.UUID.fromString(Recordings.SESSION.value()).variant()).isEqualTo(2);
  }
}
