// SPDX-License-Identifier: MIT

package io.agentruntime.app.endtoend;

import io.agentruntime.testkit.requirement.RequiresGemini;
import io.agentruntime.testkit.requirement.RequiresNode;

/** The promises, kept by Gemini CLI on the local sandbox. */
@RequiresGemini
@RequiresNode
final class GeminiConversationIT extends ConversationContract {
  GeminiConversationIT() {
    super("local", RealAgent.GEMINI);
  }
}
