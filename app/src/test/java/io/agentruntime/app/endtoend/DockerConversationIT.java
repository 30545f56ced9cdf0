// SPDX-License-Identifier: MIT

package io.agentruntime.app.endtoend;

import io.agentruntime.testkit.requirement.RequiresDocker;
import io.agentruntime.testkit.requirement.RequiresNode;

/** The promises, kept by Claude Code on Docker. */
@RequiresDocker
@RequiresNode
final class DockerConversationIT extends ConversationContract {
  DockerConversationIT() {
    super("docker", RealAgent.CLAUDE);
  }
}
