// SPDX-License-Identifier: MIT

package io.agentruntime.scriptedmodel.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import io.agentruntime.scriptedmodel.play.Beat;
import io.agentruntime.scriptedmodel.play.Reply;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A subagent of Gemini CLI must hand over its answer with a tool; its last text is none. */
final class Subagents {

  private static final String COMPLETE = "complete_task";
  private static final int WHOLE = 1 << 20;

  private Subagents() {}

  /** The reply, with the call that ends a subagent where nothing else would follow. */
  static Reply finished(Reply reply, GenerateRequest asked) {
    JsonNode declaration = asked.declaration(COMPLETE);
    if (declaration.isMissingNode() || reply.callsTools() || breaksOff(reply)) {
      return reply;
    }
    StringBuilder said = new StringBuilder();
    for (Beat beat : reply.beats()) {
      if (beat instanceof Beat.Text text) {
        text.chunks().forEach(said::append);
      }
    }
    List<Beat> beats = new ArrayList<>(reply.beats());
    Map<String, Object> input = Map.of("result", result(declaration, said.toString()));
    beats.add(new Beat.ToolUse(COMPLETE, input, WHOLE, Duration.ZERO));
    return new Reply(reply.key(), beats, reply.stopReason());
  }

  /** Kinds of subagents differ: some answer with a text, some with an object that holds one. */
  private static Object result(JsonNode declaration, String said) {
    JsonNode schema = declaration.at("/parametersJsonSchema/properties/result");
    if (!schema.path("type").asText().equalsIgnoreCase("object")) {
      return said;
    }
    Map<String, Object> fields = new LinkedHashMap<>();
    schema.path("required").forEach(name -> fields.put(name.asText(), said));
    return fields;
  }

  private static boolean breaksOff(Reply reply) {
    return reply.beats().stream()
        .anyMatch(
            beat ->
                beat instanceof Beat.Fault
                    || beat instanceof Beat.Cut
                    || beat instanceof Beat.Hang);
  }
}
