package io.agentruntime.architecture.claude;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.agentruntime.model.transcript.Transcript;
import io.agentruntime.model.transcript.TranscriptEntry;
import io.agentruntime.testkit.architecture.ProtocolInput;
import io.agentruntime.testkit.architecture.Recording;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Makes a recording fit to be kept: only fields that the architecture reads, none of the texts that
 * the program writes for its model, no path of the machine. Stream and transcript go through the
 * same mapping, so that what they have in common stays common.
 */
final class Sanitizer {
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
          "compactMetadata",
          "compact_metadata",
          "content_block",
          "delta",
          "description",
          "error",
          "error_status",
          "errors",
          "event",
          "id",
          "index",
          "input",
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
          "model_usage_since_last_result",
          "modelUsage",
          "name",
          "num_turns",
          "origin",
          "parent_tool_use_id",
          "partial_json",
          "permissionMode",
          "permission_suggestions",
          "prompt",
          "promptSource",
          "request",
          "request_id",
          "response",
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
          "toolUseResult",
          "tool_name",
          "tool_use_id",
          "tool_use_result",
          "totalCostUSD",
          "total_cost_usd",
          "type",
          "usage",
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

  private final ClaudeMachine machine;
  private final Map<String, String> toolNames = new HashMap<>();

  Sanitizer(ClaudeMachine machine) {
    this.machine = machine;
  }

  Recording sanitize(Recording recording) {
    List<ProtocolInput> inputs = new ArrayList<>();
    for (ProtocolInput input : recording.inputs()) {
      switch (input) {
        case ProtocolInput.Line line ->
            line(line.text()).ifPresent(text -> inputs.add(new ProtocolInput.Line(text)));
        case ProtocolInput.Exit exit ->
            inputs.add(new ProtocolInput.Exit(exit.code(), paths(exit.stderrTail())));
        default -> inputs.add(input);
      }
    }
    List<TranscriptEntry> entries = new ArrayList<>();
    for (TranscriptEntry entry : recording.transcript().entries()) {
      String name = entry.name().replace(slug(), "-workspace");
      if (name.endsWith(".jsonl")) {
        StringBuilder lines = new StringBuilder();
        entry
            .content()
            .lines()
            .map(this::record)
            .flatMap(Optional::stream)
            .forEach(line -> lines.append(line).append('\n'));
        entries.add(new TranscriptEntry(name, lines.toString()));
      } else if (name.endsWith(".meta.json")) {
        JsonNode meta = Json.object(entry.content()).orElseThrow();
        entries.add(
            new TranscriptEntry(
                name, Json.write(Map.of("toolUseId", Json.textOr(meta, "toolUseId", "")))));
      }
    }
    return new Recording(recording.name(), inputs, new Transcript(entries));
  }

  private String slug() {
    return ClaudePaths.slug(machine.paths().workspace());
  }

  private String paths(String text) {
    return text.replace(machine.paths().workspace(), "/workspace")
        .replace(machine.paths().home(), "/home/agent")
        .replace(machine.paths().scratch(), "/scratch");
  }

  private Optional<String> line(String line) {
    JsonNode node = Json.object(line).orElseThrow(() -> new AssertionError("no JSON: " + line));
    String subtype = Json.textOr(node, "subtype", "");
    boolean noise =
        subtype.equals("thinking_tokens")
            || Json.textOr(node.path("event"), "type", "").equals("message_delta");
    return noise ? Optional.empty() : Optional.of(write(node));
  }

  private Optional<String> record(String line) {
    JsonNode node = Json.object(line).orElseThrow(() -> new AssertionError("no JSON: " + line));
    boolean kept =
        switch (Json.textOr(node, "type", "")) {
          case "user", "assistant", "cost-state" -> true;
          case "attachment" ->
              Json.textOr(node.path("attachment"), "type", "").equals("queued_command");
          case "system" -> Json.textOr(node, "subtype", "").equals("compact_boundary");
          default -> false;
        };
    return kept ? Optional.of(write(node)) : Optional.empty();
  }

  private String write(JsonNode node) {
    node.path("message").path("content").forEach(this::rememberTool);
    ObjectNode clean = (ObjectNode) whitelisted(node);
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
    return paths(Json.write(clean));
  }

  private void rememberTool(JsonNode content) {
    if (Json.textOr(content, "type", "").equals("tool_use")) {
      toolNames.put(Json.textOr(content, "id", ""), Json.textOr(content, "name", ""));
    }
  }

  /** Keeps the listed fields at every depth; what a tool was given is ours and kept whole. */
  private static JsonNode whitelisted(JsonNode node) {
    if (node instanceof ArrayNode array) {
      ArrayNode copy = Json.MAPPER.createArrayNode();
      array.forEach(each -> copy.add(whitelisted(each)));
      return copy;
    }
    if (!(node instanceof ObjectNode)) {
      return node;
    }
    ObjectNode copy = Json.MAPPER.createObjectNode();
    node.properties()
        .forEach(
            field -> {
              switch (field.getKey()) {
                case "input",
                    "tool_use_result",
                    "toolUseResult",
                    "source",
                    "content",
                    "response",
                    "permission_suggestions",
                    "structuredPatch" ->
                    copy.set(
                        field.getKey(),
                        field.getKey().equals("content")
                            ? whitelisted(field.getValue())
                            : field.getValue().deepCopy());
                case "usage" -> copy.set("usage", usage(field.getValue()));
                case "model_usage_since_last_result", "modelUsage" -> {
                  ObjectNode models = Json.MAPPER.createObjectNode();
                  field
                      .getValue()
                      .properties()
                      .forEach(each -> models.set(each.getKey(), usage(each.getValue())));
                  copy.set(field.getKey(), models);
                }
                case "compactMetadata", "compact_metadata" -> {
                  ObjectNode metadata = Json.MAPPER.createObjectNode();
                  metadata.set("trigger", field.getValue().path("trigger"));
                  copy.set(field.getKey(), metadata);
                }
                default -> {
                  if (FIELDS.contains(field.getKey()) || field.getKey().endsWith("_block_index")) {
                    copy.set(field.getKey(), whitelisted(field.getValue()));
                  }
                }
              }
            });
    return copy;
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
