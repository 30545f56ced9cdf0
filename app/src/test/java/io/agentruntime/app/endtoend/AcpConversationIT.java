// SPDX-License-Identifier: MIT

package io.agentruntime.app.endtoend;

import io.agentruntime.testkit.requirement.RequiresNode;
import io.agentruntime.testkit.requirement.RequiresOpenCode;
import io.agentruntime.testkit.requirement.TestMachine;
import java.io.IOException;
import java.util.Map;

/** The promises, kept by a program of which the server knows nothing but a profile. */
@RequiresOpenCode
@RequiresNode
final class AcpConversationIT extends ConversationContract {
  AcpConversationIT() {
    super("local", RealAgent.OPENCODE_OVER_ACP);
  }

  /** No test here: the protocol tells nothing of subagents. */
  @Override
  void aSubagentHasAConversationOfItsOwn() {}

  @Override
  Map<String, Object> profile() throws IOException {
    return AcpProfile.openCode();
  }

  @Override
  Map<String, String> environment() {
    return Map.of(
        AcpProfile.SECRETS,
        AcpProfile.RELEASED,
        "AGENT_RUNTIME_SANDBOX_LOCAL_PROGRAM_PATH",
        TestMachine.openCode().getParent().toString());
  }
}
