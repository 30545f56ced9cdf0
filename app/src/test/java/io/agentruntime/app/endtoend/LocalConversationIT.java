// SPDX-License-Identifier: MIT

package io.agentruntime.app.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentruntime.app.gateway.NodeClient;
import io.agentruntime.testkit.requirement.RequiresClaude;
import io.agentruntime.testkit.requirement.RequiresNode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The promises, kept by Claude Code on the local sandbox. */
@RequiresClaude
@RequiresNode
final class LocalConversationIT extends ConversationContract {
  LocalConversationIT() {
    super("local", RealAgent.CLAUDE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"flat", "unified"})
  void clientsOfTheExistingKindsFollowItOverBrokenConnections(String dialect) throws Exception {
    String scenario = "aRealAgentIsFollowedOverBrokenConnections";
    assertThat(NodeClient.run("sessions.mjs", server().url(), server().key(), dialect, scenario))
        .isEmpty();
  }
}
