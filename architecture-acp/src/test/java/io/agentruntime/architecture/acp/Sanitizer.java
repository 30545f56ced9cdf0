// SPDX-License-Identifier: MIT

package io.agentruntime.architecture.acp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.agentruntime.architecture.support.json.Json;
import io.agentruntime.model.transcript.TranscriptEntry;
import io.agentruntime.testkit.program.AgentMachine;
import io.agentruntime.testkit.program.JsonWhitelist;
import io.agentruntime.testkit.program.RecordingSanitizer;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Keeps what the protocol says, and of texts only the script's own. */
final class Sanitizer extends RecordingSanitizer {
  private static final Set<String> FIELDS =
      Set.of(
          "agentCapabilities",
          "amount",
          "code",
          "content",
          "cost",
          "currency",
          "currentModeId",
          "cachedReadTokens",
          "cachedWriteTokens",
          "data",
          "diff",
          "entries",
          "error",
          "exit",
          "http",
          "image",
          "inputTokens",
          "kind",
          "loadSession",
          "locations",
          "mcpCapabilities",
          "message",
          "messageId",
          "metadata",
          "method",
          "name",
          "newText",
          "oldText",
          "optionId",
          "options",
          "output",
          "outputTokens",
          "params",
          "path",
          "priority",
          "promptCapabilities",
          "protocolVersion",
          "rawOutput",
          "result",
          "sessionId",
          "sessionUpdate",
          "sse",
          "status",
          "stopReason",
          "text",
          "thoughtTokens",
          "title",
          "toolCall",
          "toolCallId",
          "totalTokens",
          "type",
          "update",
          "usage");

  private static final JsonWhitelist WHITELIST =
      new JsonWhitelist(FIELDS::contains, Set.of("rawInput", "id", "jsonrpc"), Map.of());

  private final Map<String, String> kinds = new HashMap<>();

  Sanitizer(AgentMachine machine) {
    super(machine);
  }

  @Override
  protected Optional<JsonNode> line(ObjectNode line) {
    JsonNode clean = WHITELIST.of(line);
    JsonNode update = clean.path("params").path("update");
    switch (Json.textOr(update, "sessionUpdate", "")) {
      case "available_commands_update", "config_option_update" -> {
        return Optional.empty();
      }
      case "tool_call", "tool_call_update" -> tool((ObjectNode) update);
      default -> {
        // The rest is the model's words.
      }
    }
    return Optional.of(clean);
  }

  /** Only what a command of ours printed is kept of what tools tell the model. */
  private void tool(ObjectNode update) {
    String id = Json.textOr(update, "toolCallId", "");
    kinds.merge(id, Json.textOr(update, "kind", ""), (old, kind) -> kind.isEmpty() ? old : kind);
    boolean failed = Json.textOr(update, "status", "").equals("failed");
    if (kinds.getOrDefault(id, "").equals("execute") && !failed) {
      return;
    }
    for (JsonNode part : update.path("content")) {
      if (part.path("content").path("text").isTextual()) {
        ((ObjectNode) part.path("content")).put("text", "(what the tool says)");
      }
    }
    if (update.path("rawOutput") instanceof ObjectNode raw) {
      raw.retain("output", "error");
      raw.fieldNames().forEachRemaining(name -> raw.put(name, "(what the tool says)"));
    }
  }

  /** Titles have paths from the root, without its slash. */
  @Override
  protected String withoutPaths(String text) {
    return super.withoutPaths(text).replace(machine.paths().workspace().substring(1), "workspace");
  }

  @Override
  protected Optional<JsonNode> record(ObjectNode record) {
    return Optional.empty();
  }

  /** The program's records are never read: that there are some is all that matters. */
  @Override
  protected Optional<String> entry(TranscriptEntry entry) {
    return Optional.of("{\"records\":\"of the program\"}\n");
  }
}
