// SPDX-License-Identifier: MIT

package io.agentruntime.architecture.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import io.agentruntime.architecture.support.json.Json;
import io.agentruntime.architecture.support.protocol.SafeIds;
import io.agentruntime.model.block.Block;
import io.agentruntime.model.block.BlockHeader;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What tools returned, in the program's form and in the model's. */
final class ToolResults {
  private static final String SHELL = "run_shell_command";
  private static final Pattern FRAME =
      Pattern.compile("^<untrusted_context>\\n(.*)\\n</untrusted_context>$", Pattern.DOTALL);

  private ToolResults() {}

  /** The id of a call or of its answer. */
  static String id(JsonNode node) {
    return SafeIds.of(Json.textOr(node, "id", "unknown"));
  }

  static Block.ToolResult result(
      String toolUseId, String name, JsonNode answer, boolean failed, Map<String, Object> details) {
    String output = output(answer);
    return new Block.ToolResult(
        BlockHeader.complete("result-" + toolUseId),
        toolUseId,
        name.equals(SHELL) ? ShellOutput.of(output).text() : output,
        failed || answer.path("error").isTextual(),
        null,
        details);
  }

  /** The answer as text, without the frame that tells the model not to trust it. */
  static String output(JsonNode answer) {
    String text = Json.textOr(answer, "error", Json.textOr(answer, "output", ""));
    if (text.isEmpty() && answer.isObject() && !answer.isEmpty() && !answer.has("output")) {
      text = answer.toString();
    }
    Matcher framed = FRAME.matcher(text);
    return framed.matches() ? framed.group(1) : text;
  }

  static Map<String, Object> details(String name, JsonNode answer, JsonNode record) {
    Map<String, Object> details = new LinkedHashMap<>();
    if (name.equals(SHELL) && Json.textOr(record, "status", "").equals("success")) {
      Integer exitCode = ShellOutput.of(output(answer)).exitCode();
      if (exitCode != null) {
        details.put("exitCode", exitCode);
      }
    }
    JsonNode display = record.path("resultDisplay");
    String diff = Json.textOr(display, "fileDiff", "");
    if (!diff.isEmpty()) {
      details.put("filePath", Json.textOr(display, "filePath", ""));
      details.put("diff", diff);
    }
    return details;
  }

  /** What the wire said at the end of a tool of which there is no record. */
  static Block.ToolResult ofWire(String toolUseId, JsonNode update) {
    StringBuilder text = new StringBuilder();
    for (JsonNode part : update.path("content")) {
      text.append(Json.textOr(part.path("content"), "text", ""));
    }
    return new Block.ToolResult(
        BlockHeader.complete("result-" + toolUseId),
        toolUseId,
        text.toString(),
        Json.textOr(update, "status", "").equals("failed"),
        null,
        Map.of());
  }
}
