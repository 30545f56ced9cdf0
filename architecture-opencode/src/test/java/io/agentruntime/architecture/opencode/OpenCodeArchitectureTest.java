// SPDX-License-Identifier: MIT

package io.agentruntime.architecture.opencode;

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
class OpenCodeArchitectureTest extends AgentArchitectureContract {
  private static final List<Recording> RECORDINGS = Recordings.FOLDER.all();

  @Override
  public AgentArchitecture architecture() {
    return new OpenCodeArchitecture();
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
  void aTextThatBreaksOffAndIsBegunAgainIsTwoBlocks() {
    Recording cut = Recordings.FOLDER.named("cut-off");
    ProtocolSession session = Recordings.FOLDER.session();
    List<Block> blocks = session.play(cut.inputs()).conversation().blocks();
    assertThat(blocks)
        .extracting(Block::status)
        .containsExactly(BlockStatus.COMPLETE, BlockStatus.ERROR, BlockStatus.COMPLETE);
  }

  @Test
  void theServiceLoaderFindsIt() {
    assertThat(ServiceLoader.load(AgentArchitecture.class))
        .anyMatch(OpenCodeArchitecture.class::isInstance);
  }

  @Test
  void newSessionIdsHaveTheProgramsForm() {
    assertThat(Recordings.SESSION.value()).matches("ses_[0-9a-f]{12}_[0-9a-z]{11}");
  }
}
