// SPDX-License-Identifier: MIT

package io.agentruntime.architecture.claude;

import com.fasterxml.jackson.databind.JsonNode;
import io.agentruntime.architecture.support.json.Json;
import io.agentruntime.model.block.Block;
import io.agentruntime.model.block.BlockHeader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the program reports about itself, as notes for people; most of it is not worth one. */
final class Notes {
  private Notes() {}

  /**
   * The note that a system line is worth.
   *
   * @param id the note's id
   */
  static Optional<Block.SystemNote> of(JsonNode line, String id) {
    return switch (Json.textOr(line, "subtype", "")) {
      case "api_retry" -> Optional.of(retry(line, id));
      case "compact_boundary" -> Optional.of(compacted(line.path("compact_metadata"), id));
      case "permission_denied" ->
          Optional.of(note(id, "status", Json.textOr(line, "message", "Refused"), Map.of()));
      case "hook_response" -> Optional.of(hook(line, id));
      case "notification" ->
          Optional.of(note(id, "status", Json.textOr(line, "text", ""), Map.of()));
      default -> Optional.empty();
    };
  }

  /** The model's view of the conversation was replaced by a summary. */
  static Block.SystemNote compacted(JsonNode metadata, String id) {
    String trigger = Json.text(metadata, "trigger");
    return note(
        id,
        "status",
        "The conversation was compacted",
        trigger == null ? Map.of() : Map.of("trigger", trigger));
  }

  /** The conversation begins anew; the model knows nothing of what was before. */
  static Block.SystemNote cleared(String id) {
    return note(id, "status", "The conversation was cleared", Map.of());
  }

  /** What the program began with; the servers that it could not reach stand in the text. */
  static Block.SystemNote sessionStart(JsonNode line, String id) {
    Map<String, Object> details = new LinkedHashMap<>();
    copy(line, "model", details);
    copy(line, "claude_code_version", details);
    copy(line, "permissionMode", details);
    List<String> failed = new ArrayList<>();
    Map<String, Object> servers = new LinkedHashMap<>();
    for (JsonNode server : line.path("mcp_servers")) {
      String name = Json.textOr(server, "name", "unnamed");
      String status = Json.textOr(server, "status", "unknown");
      servers.put(name, status);
      if (status.equals("failed") || status.equals("needs-auth")) {
        failed.add(name);
      }
    }
    if (!servers.isEmpty()) {
      details.put("mcpServers", servers);
    }
    String text = "Claude Code " + Json.textOr(line, "claude_code_version", "") + " started";
    if (!failed.isEmpty()) {
      text += "; MCP servers that are not available: " + String.join(", ", failed);
    }
    return note(id, "session_start", text, details);
  }

  private static void copy(JsonNode from, String field, Map<String, Object> to) {
    String text = Json.text(from, field);
    if (text != null) {
      to.put(field, text);
    }
  }

  private static Block.SystemNote retry(JsonNode line, String id) {
    long delay = Json.numberOr(line, "retry_delay_ms", 0);
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("attempt", Json.numberOr(line, "attempt", 0));
    details.put("maxRetries", Json.numberOr(line, "max_retries", 0));
    details.put("delayMillis", delay);
    Long status = Json.number(line, "error_status");
    if (status != null) {
      details.put("status", status);
    }
    details.put("error", Json.textOr(line, "error", "unknown"));
    String text =
        "The model API failed ("
            + Json.textOr(line, "error", "unknown")
            + "); attempt "
            + details.get("attempt")
            + " of "
            + details.get("maxRetries")
            + " follows in "
            + delay
            + " ms";
    return note(id, "status", text, details);
  }

  private static Block.SystemNote hook(JsonNode line, String id) {
    Map<String, Object> details = new LinkedHashMap<>();
    copy(line, "hook_event", details);
    copy(line, "outcome", details);
    details.put("exitCode", Json.numberOr(line, "exit_code", 0));
    String text =
        "Hook "
            + Json.textOr(line, "hook_name", "unnamed")
            + ": "
            + Json.textOr(line, "outcome", "ended");
    return note(id, "hook_response", text, details);
  }

  private static Block.SystemNote note(
      String id, String subtype, String message, Map<String, Object> details) {
    return new Block.SystemNote(BlockHeader.complete(id), subtype, message, details);
  }
}
