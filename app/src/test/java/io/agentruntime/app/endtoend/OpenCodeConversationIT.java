// SPDX-License-Identifier: MIT

package io.agentruntime.app.endtoend;

import io.agentruntime.testkit.requirement.RequiresNode;
import io.agentruntime.testkit.requirement.RequiresOpenCode;

/** The promises, kept by OpenCode on the local sandbox. */
@RequiresOpenCode
@RequiresNode
final class OpenCodeConversationIT extends ConversationContract {
  OpenCodeConversationIT() {
    super("local", RealAgent.OPENCODE);
  }
}
