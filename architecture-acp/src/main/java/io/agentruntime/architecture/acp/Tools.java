// SPDX-License-Identifier: MIT

package io.agentruntime.architecture.acp;

import com.fasterxml.jackson.databind.JsonNode;
import io.agentruntime.architecture.support.json.Json;
import io.agentruntime.architecture.support.protocol.Emitter;
import io.agentruntime.architecture.support.protocol.SafeIds;
import java.util.LinkedHashMap;
import java.util.Map;

/** The tools of the running turn. Confined to its conversation. */
final class Tools {
  private final Map<String, Tool> tools = new LinkedHashMap<>();
  private String turn = "turn";

  void turnStarted(String name) {
    turn = name;
    tools.clear();
  }

  /** A tool is announced. What it shows now is what it is about to do, not what it printed. */
  void called(JsonNode call, Emitter out) {
    Tool tool = tools.get(id(call));
    if (tool == null) {
      begin(call, out);
    } else {
      tool.update(call, out);
    }
  }

  /** A tool has got further; a tool that nobody announced begins with that. */
  void updated(JsonNode call, Emitter out) {
    Tool tool = tools.get(id(call));
    (tool == null ? begin(call, out) : tool).update(call, out);
  }

  /** The program asks for permission, perhaps before it announces the tool; the tool's name. */
  String asked(JsonNode call, Emitter out) {
    Tool tool = tools.get(id(call));
    return (tool == null ? begin(call, out) : tool).name();
  }

  private Tool begin(JsonNode call, Emitter out) {
    String id = id(call);
    Tool tool = new Tool(turn, id, call);
    tools.put(id, tool);
    tool.begin(out);
    return tool;
  }

  void turnEnded() {
    tools.clear();
  }

  private static String id(JsonNode call) {
    return SafeIds.of(Json.textOr(call, "toolCallId", "unknown"));
  }
}
