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

  /**
   * In a session of its own, and surely so: the program ends what a command leaves behind in its
   * group as soon as the command has returned. It refuses commands within commands.
   */
  @Override
  String killTheAgentLater() {
    return "A=$PPID; F=/tmp/killer-$PPID; setsid sh -c \"touch $F; sleep 1; kill -9 $A\" >/dev/null"
        + " 2>&1 & until test -e $F; do sleep 0.02; done";
  }
}
