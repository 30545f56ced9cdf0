// SPDX-License-Identifier: MIT

package io.agentruntime.scriptedmodel.play;

import io.agentruntime.scriptedmodel.script.ToolCall;
import java.util.LinkedHashMap;
import java.util.Map;

/** Turns a script's wish into a call of a tool that an agent program really has. */
public interface AgentTools {

  /** A tool's name and input, ready for the wire. */
  record Use(String name, Map<String, Object> input) {
    public Use {
      input = new LinkedHashMap<>(input);
    }
  }

  /** The call that does what the script wants in this conversation's agent program. */
  Use use(ToolCall call, Conversation conversation);
}
