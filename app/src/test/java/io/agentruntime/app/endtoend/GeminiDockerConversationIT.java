// SPDX-License-Identifier: MIT

package io.agentruntime.app.endtoend;

import io.agentruntime.testkit.requirement.RequiresDocker;
import io.agentruntime.testkit.requirement.RequiresNode;

/** The promises, kept by Gemini CLI on Docker. */
@RequiresDocker
@RequiresNode
final class GeminiDockerConversationIT extends ConversationContract {
  GeminiDockerConversationIT() {
    super("docker", RealAgent.GEMINI);
  }
}
