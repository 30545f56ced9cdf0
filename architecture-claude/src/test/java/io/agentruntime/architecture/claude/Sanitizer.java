// SPDX-License-Identifier: MIT

package io.agentruntime.architecture.claude;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.agentruntime.architecture.support.json.Json;
import io.agentruntime.model.transcript.TranscriptEntry;
import io.agentruntime.testkit.program.AgentMachine;
import io.agentruntime.testkit.program.JsonWhitelist;
import io.agentruntime.testkit.program.RecordingSanitizer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Keeps what the architecture reads of what Claude Code writes. */
final class Sanitizer extends RecordingSanitizer {
  private static final String FOR_THE_MODEL = "(a text for the model)";
  private static final int SHORT_ERROR = 60;

  private static final Set<String> FIELDS =
      Set.of(
          "abandoned_blocks",
          "agentId",
          "agent_id",
          "apiBlockIndex",
          "apiErrorStatus",
          "apiErrorType",
          "api_error",
          "api_error_status",
          "api_error_type",
          "attachment",
          "attempt",
          "claude_code_version",
          "command_uuid",
          "commandMode",
          "content_block",
          "content",
          "delta",
          "description",
          "error",
          "error_status",
          "errors",
          "event",
          "id",
          "index",
          "isApiErrorMessage",
          "isCompactSummary",
          "isMeta",
          "isReplay",
          "isSidechain",
          "isSynthetic",
          "is_api_error_message",
          "is_backgrounded",
          "is_error",
          "max_retries",
          "mcp_servers",
          "message",
          "model",
          "name",
          "num_turns",
          "origin",
          "parent_tool_use_id",
          "partial_json",
          "permissionMode",
          "prompt",
          "promptSource",
          "request",
          "request_id",
          "result",
          "retry_delay_ms",
          "role",
          "sourceToolUseID",
          "source_uuid",
          "state",
          "status",
          "subagent_type",
          "subtype",
          "summary",
          "task_id",
          "task_type",
          "terminal_reason",
          "text",
          "thinking",
          "timestamp",
          "tool_name",
          "tool_use_id",
          "totalCostUSD",
          "total_cost_usd",
          "type",
          "user_message_uuids",
          "uuid");
  private static final Set<String> USAGE =
      Set.of(
          "input_tokens",
          "output_tokens",
          "cache_creation_input_tokens",
          "cache_read_input_tokens",
          "inputTokens",
          "outputTokens",
          "cacheReadInputTokens",
          "cacheCreationInputTokens",
          "costUSD",
          "duration_ms");

  /** What a tool was given and gave is ours, or is cleaned apart. */
  private static final JsonWhitelist WHITELIST =
      new JsonWhitelist(
          name -> FIELDS.contains(name) || name.endsWith("_block_index"),
          Set.of(
              "input",
              "tool_use_result",
              "toolUseResult",
              "source",
              "response",
              "permission_suggestions",
              "structuredPatch"),
          Map.of(
              "usage", Sanitizer::usage,
              "model_usage_since_last_result", Sanitizer::models,
              "modelUsage", Sanitizer::models,
              "compactMetadata", Sanitizer::trigger,
              "compact_metadata", Sanitizer::trigger));

  private final Map<String, String> toolNames = new HashMap<>();

  Sanitizer(AgentMachine machine) {
    super(machine);
  }

  @Override
  protected Optional<String> entry(TranscriptEntry entry) {
    if (entry.name().endsWith(".jsonl")) {
      return super.entry(entry);
    }
    if (entry.name().endsWith(".meta.json")) {
      String toolUseId = Json.textOr(object(entry.content()), "toolUseId", "");
      return Optional.of(Json.write(Map.of("toolUseId", toolUseId)));
    }
    return Optional.empty();
  }

  @Override
  protected String entryName(String name) {
    return name.replace(ClaudePaths.slug(machine.paths().workspace()), "-workspace");
  }

  @Override
  protected String stderr(String tail) {
    return tail;
  }

  @Override
  protected Optional<JsonNode> line(ObjectNode node) {
    String subtype = Json.textOr(node, "subtype", "");
    boolean noise =
        subtype.equals("thinking_tokens")
            || Json.textOr(node.path("event"), "type", "").equals("message_delta");
    return noise ? Optional.empty() : Optional.of(cleaned(node));
  }

  @Override
  protected Optional<JsonNode> record(ObjectNode node) {
    boolean kept =
        switch (Json.textOr(node, "type", "")) {
          case "user", "assistant", "cost-state" -> true;
          case "attachment" ->
              Json.textOr(node.path("attachment"), "type", "").equals("queued_command");
          case "system" -> Json.textOr(node, "subtype", "").equals("compact_boundary");
          default -> false;
        };
    return kept ? Optional.of(cleaned(node)) : Optional.empty();
  }

  private JsonNode cleaned(ObjectNode node) {
    node.path("message").path("content").forEach(this::rememberTool);
    ObjectNode clean = (ObjectNode) WHITELIST.of(node);
    if (Json.textOr(node, "subtype", "").equals("init")) {
      clean.set("session_id", node.path("session_id"));
    }
    boolean note =
        Json.isTrue(node, "isSynthetic")
            || Json.isTrue(node, "isMeta")
            || Json.isTrue(node, "isCompactSummary");
    JsonNode content = clean.path("message").path("content");
    if (note && !Native.plainText(content).startsWith("Base directory for this skill: ")) {
      ((ObjectNode) clean.path("message")).put("content", FOR_THE_MODEL);
    } else if (content.isTextual()) {
      ((ObjectNode) clean.path("message")).put("content", withoutNote(content.textValue()));
    }
    if (Native.isApiError(node)) {
      content.forEach(part -> shorten((ObjectNode) part, "text"));
    }
    content.forEach(this::toolResult);
    structured(clean.path("tool_use_result"));
    structured(clean.path("toolUseResult"));
    result(clean);
    return clean;
  }

  private void rememberTool(JsonNode content) {
    if (Json.textOr(content, "type", "").equals("tool_use")) {
      toolNames.put(Json.textOr(content, "id", ""), Json.textOr(content, "name", ""));
    }
  }

  private static JsonNode models(JsonNode node) {
    ObjectNode models = Json.MAPPER.createObjectNode();
    node.properties().forEach(each -> models.set(each.getKey(), usage(each.getValue())));
    return models;
  }

  private static JsonNode trigger(JsonNode node) {
    return Json.MAPPER.createObjectNode().set("trigger", node.path("trigger"));
  }

  private static JsonNode usage(JsonNode node) {
    ObjectNode copy = Json.MAPPER.createObjectNode();
    node.properties().stream()
        .filter(field -> USAGE.contains(field.getKey()))
        .forEach(field -> copy.set(field.getKey(), field.getValue()));
    return copy;
  }

  /** Only what a command of ours printed is kept of what tools tell the model. */
  private void toolResult(JsonNode part) {
    if (!Json.textOr(part, "type", "").equals("tool_result")) {
      return;
    }
    String tool = toolNames.getOrDefault(Json.textOr(part, "tool_use_id", ""), "a tool");
    String text = Native.plainText(part.path("content"));
    int report = text.indexOf("The report follows:");
    if (report >= 0) {
      ((ObjectNode) part).put("content", text.substring(report).replaceAll(" \\(use [^)]*\\)", ""));
      return;
    }
    boolean ours = tool.equals("Bash") && !text.contains("tool use was rejected");
    if (!ours) {
      ((ObjectNode) part).put("content", "(the result of " + tool + ")");
    }
  }

  private static void structured(JsonNode node) {
    if (!(node instanceof ObjectNode object)) {
      return;
    }
    int notes = (int) Json.numberOr(object, "harnessNoteCount", 0);
    JsonNode content = object.path("content");
    for (int i = 0; i < Math.min(notes, content.size()); i++) {
      ((ObjectNode) content.get(i)).put("text", FOR_THE_MODEL);
    }
    object.remove(
        List.of("usage", "toolStats", "toolsUsed", "harnessSectionHash", "outputFile", "prompt"));
  }

  private static void result(ObjectNode line) {
    if (!Json.textOr(line, "type", "").equals("result")) {
      return;
    }
    if (Json.isTrue(line, "is_error")) {
      shorten(line, "result");
    }
    if (line.path("errors") instanceof ArrayNode errors) {
      for (int i = 0; i < errors.size(); i++) {
        if (errors.get(i).asText().startsWith("[")) {
          errors.set(i, TextNode.valueOf("(a diagnosis)"));
        }
      }
    }
  }

  private static void shorten(ObjectNode object, String field) {
    String text = Json.text(object, field);
    if (text != null && text.length() > SHORT_ERROR) {
      object.put(field, text.substring(0, SHORT_ERROR));
    }
  }

  private static String withoutNote(String text) {
    return text.replaceAll("(?s)<note>.*?</note>\\s*", "")
        .replaceAll("(?s)<output-file>.*?</output-file>\\s*", "");
  }
}
