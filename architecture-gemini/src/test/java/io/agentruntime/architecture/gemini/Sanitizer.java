// SPDX-License-Identifier: MIT

package io.agentruntime.architecture.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.agentruntime.architecture.support.json.Json;
import io.agentruntime.testkit.program.AgentMachine;
import io.agentruntime.testkit.program.JsonWhitelist;
import io.agentruntime.testkit.program.RecordingSanitizer;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Keeps what the architecture reads of what Gemini CLI writes. */
final class Sanitizer extends RecordingSanitizer {
  private static final int LONGEST_DESCRIPTION = 80;

  private static final Set<String> FIELDS =
      Set.of(
          "agentCapabilities",
          "code",
          "content",
          "data",
          "description",
          "details",
          "displayName",
          "error",
          "file",
          "functionResponse",
          "kind",
          "loadSession",
          "message",
          "method",
          "model",
          "name",
          "newText",
          "oldText",
          "optionId",
          "options",
          "output",
          "params",
          "path",
          "record",
          "response",
          "result",
          "resultDisplay",
          "fileDiff",
          "filePath",
          "sessionId",
          "sessionUpdate",
          "status",
          "stopReason",
          "subject",
          "text",
          "thoughts",
          "title",
          "tokens",
          "input",
          "cached",
          "toolCall",
          "toolCallId",
          "toolCalls",
          "type",
          "update");

  /** What a tool was given is ours and kept whole. */
  private static final JsonWhitelist WHITELIST =
      new JsonWhitelist(
          FIELDS::contains,
          Set.of("args", "id", "jsonrpc"),
          Map.of("description", Sanitizer::shortened));

  Sanitizer(AgentMachine machine) {
    super(machine);
  }

  @Override
  protected Optional<JsonNode> line(ObjectNode line) {
    String update = Json.textOr(line.path("params").path("update"), "sessionUpdate", "");
    return update.equals("available_commands_update")
        ? Optional.empty()
        : Optional.of(cleaned(line));
  }

  @Override
  protected Optional<JsonNode> record(ObjectNode record) {
    boolean kept = record.has("type") || record.has("sessionId");
    return kept ? Optional.of(cleaned(record)) : Optional.empty();
  }

  @Override
  protected String entryName(String name) {
    return name.replaceAll("session-[^/]*-", "session-restored-");
  }

  @Override
  protected String withoutPaths(String text) {
    return super.withoutPaths(text).replaceAll("Process Group PGID: \\d+", "Process Group PGID: 1");
  }

  private static JsonNode cleaned(ObjectNode node) {
    JsonNode clean = WHITELIST.of(node);
    outputs(clean, "");
    return clean;
  }

  /** Replaces what tools tell the model; {@code tool} is the nearest name above. */
  private static void outputs(JsonNode node, String tool) {
    String name = Json.textOr(node, "name", tool);
    if (node instanceof ObjectNode object && object.path("output").isTextual()) {
      object.put("output", output(name, object.path("output").asText()));
    }
    node.properties().stream()
        .filter(field -> !field.getKey().equals("args"))
        .forEach(field -> outputs(field.getValue(), name));
    if (node.isArray()) {
      node.forEach(each -> outputs(each, name));
    }
  }

  /** Only what a command of ours printed is kept of what tools tell the model. */
  private static String output(String tool, String text) {
    int result = text.indexOf("Result:\n");
    return switch (tool) {
      case "run_shell_command", "" -> text;
      case "invoke_agent" -> "Done.\n" + (result < 0 ? "" : text.substring(result));
      default -> "(the result of " + tool + ")";
    };
  }

  private static JsonNode shortened(JsonNode text) {
    return TextNode.valueOf(
        text.asText().length() > LONGEST_DESCRIPTION ? "(a description)" : text.asText());
  }
}
