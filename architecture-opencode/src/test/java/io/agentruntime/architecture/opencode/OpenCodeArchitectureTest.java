// SPDX-License-Identifier: MIT

package io.agentruntime.architecture.opencode;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentruntime.model.block.Block;
import io.agentruntime.model.block.BlockStatus;
import io.agentruntime.model.conversation.Conversation;
import io.agentruntime.model.profile.AgentProfile;
import io.agentruntime.model.profile.McpServer;
import io.agentruntime.model.profile.ProfileFile;
import io.agentruntime.model.workspace.WorkspacePath;
import io.agentruntime.spi.architecture.AgentArchitecture;
import io.agentruntime.spi.architecture.ArchitectureCapability;
import io.agentruntime.testkit.architecture.AgentArchitectureContract;
import io.agentruntime.testkit.architecture.ProfileBuilder;
import io.agentruntime.testkit.architecture.ProtocolSession;
import io.agentruntime.testkit.architecture.Recording;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;

/** The architecture passes the contract, with recordings of the real program. */
class OpenCodeArchitectureTest extends AgentArchitectureContract {
  private static final List<Recording> RECORDINGS = Recordings.all();

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

  /** Servers stand in the settings; only one that brings files shows among the paths. */
  @Override
  protected AgentProfile profileWith(ArchitectureCapability part) {
    return part == ArchitectureCapability.MCP
        ? new ProfileBuilder()
            .mcpServer(
                new McpServer.Bundled(
                    "sample",
                    null,
                    List.of(new ProfileFile(new WorkspacePath("a.js"), "", false, false)),
                    null,
                    "node a.js",
                    Map.of()))
            .build()
        : super.profileWith(part);
  }

  @Test
  void aTextThatBreaksOffAndIsBegunAgainIsTwoBlocks() {
    Recording cut = Recordings.named("cut-off");
    ProtocolSession session = new ProtocolSession(architecture().protocol(Recordings.start()));
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
