package io.agentruntime.architecture.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.agentruntime.architecture.acp.Json;
import io.agentruntime.model.transcript.Transcript;
import io.agentruntime.model.transcript.TranscriptEntry;
import io.agentruntime.testkit.architecture.ProtocolInput;
import io.agentruntime.testkit.architecture.Recording;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Makes a recording fit to be kept: only fields that the architecture reads, none of the texts that
 * the program writes for its model, no path of the machine. Stream and transcript go through the
 * same mapping, so that what they have in common stays common.
 */
final class Sanitizer {
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
          "id",
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

  private final GeminiMachine machine;

  Sanitizer(GeminiMachine machine) {
    this.machine = machine;
  }

  Recording sanitize(Recording recording) {
    List<ProtocolInput> inputs = new ArrayList<>();
    for (ProtocolInput input : recording.inputs()) {
      switch (input) {
        case ProtocolInput.Line line ->
            line(line.text()).ifPresent(text -> inputs.add(new ProtocolInput.Line(text)));
        case ProtocolInput.Exit exit -> inputs.add(new ProtocolInput.Exit(exit.code(), ""));
        default -> inputs.add(input);
      }
    }
    List<TranscriptEntry> entries = new ArrayList<>();
    for (TranscriptEntry entry : recording.transcript().entries()) {
      StringBuilder lines = new StringBuilder();
      entry
          .content()
          .lines()
          .map(this::record)
          .flatMap(Optional::stream)
          .forEach(line -> lines.append(line).append('\n'));
      String name = entry.name().replaceAll("session-[^/]*-", "session-restored-");
      entries.add(new TranscriptEntry(name, lines.toString()));
    }
    return new Recording(recording.name(), inputs, new Transcript(entries));
  }

  private Optional<String> line(String line) {
    JsonNode node = Json.object(line).orElseThrow(() -> new AssertionError("no JSON: " + line));
    String update = Json.textOr(node.path("params").path("update"), "sessionUpdate", "");
    return update.equals("available_commands_update") ? Optional.empty() : Optional.of(write(node));
  }

  private Optional<String> record(String line) {
    JsonNode node = Json.object(line).orElseThrow(() -> new AssertionError("no JSON: " + line));
    boolean kept = node.has("type") || node.has("sessionId");
    return kept ? Optional.of(write(node)) : Optional.empty();
  }

  private String write(JsonNode node) {
    JsonNode clean = whitelisted(node, "");
    return Json.write(clean)
        .replace(machine.paths().workspace(), "/workspace")
        .replace(machine.paths().home(), "/home/agent")
        .replace(machine.paths().scratch(), "/scratch")
        .replaceAll("Process Group PGID: \\d+", "Process Group PGID: 1");
  }

  /** Keeps the listed fields at every depth; what a tool was given is ours and kept whole. */
  private static JsonNode whitelisted(JsonNode node, String tool) {
    if (node instanceof ArrayNode array) {
      ArrayNode copy = Json.MAPPER.createArrayNode();
      array.forEach(each -> copy.add(whitelisted(each, tool)));
      return copy;
    }
    if (!(node instanceof ObjectNode)) {
      return node;
    }
    String name = Json.textOr(node, "name", tool);
    ObjectNode copy = Json.MAPPER.createObjectNode();
    node.properties()
        .forEach(
            field -> {
              JsonNode value = field.getValue();
              switch (field.getKey()) {
                case "args", "id", "jsonrpc" -> copy.set(field.getKey(), value.deepCopy());
                case "output" ->
                    copy.set(
                        "output",
                        value.isTextual()
                            ? TextNode.valueOf(output(name, value.asText()))
                            : value.deepCopy());
                case "description" -> copy.put("description", shortened(value.asText()));
                default -> {
                  if (FIELDS.contains(field.getKey())) {
                    copy.set(field.getKey(), whitelisted(value, name));
                  }
                }
              }
            });
    return copy;
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

  private static String shortened(String text) {
    return text.length() > LONGEST_DESCRIPTION ? "(a description)" : text;
  }
}
