package io.agentruntime.app.endtoend;

import io.agentruntime.testkit.requirement.RequiresGemini;
import io.agentruntime.testkit.requirement.RequiresNode;

/** The promises, kept by Gemini CLI on the local sandbox. */
@RequiresGemini
@RequiresNode
final class GeminiConversationIT extends ConversationContract {
  GeminiConversationIT() {
    super("local", "gemini-cli");
  }

  /** In a session of its own: the program ends what a command leaves behind in its group. */
  @Override
  String killTheAgentLater() {
    return "A=$PPID; setsid sh -c \"sleep 1; kill -9 $A\" >/dev/null 2>&1 &";
  }
}
