// SPDX-License-Identifier: MIT

package io.agentruntime.architecture.claude;

import static java.util.stream.Collectors.joining;

import com.fasterxml.jackson.databind.JsonNode;
import io.agentruntime.architecture.support.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How a subagent ended.
 *
 * @param toolUseId the tool use that started it
 * @param agentId its native id, if known
 * @param failed whether it failed or was stopped
 * @param output its answer
 * @param durationMillis how long it took, if known
 */
record SubagentEnd(
    String toolUseId,
    @Nullable String agentId,
    boolean failed,
    String output,
    @Nullable Long durationMillis) {
  /** What stands before a report where the program hands it to the model. */
  private static final String REPORT = "The report follows:\n";

  private static final String NOTIFICATION = "<task-notification>";

  /**
   * From the result of the tool that started it; empty when it goes on in the background.
   *
   * @param result the {@code tool_result} block
   * @param structured what the program adds for programs
   */
  static Optional<SubagentEnd> of(JsonNode result, JsonNode structured) {
    if (Json.textOr(structured, "status", "").equals("async_launched")
        || Json.isTrue(structured, "isAsync")) {
      return Optional.empty();
    }
    boolean failed = Json.isTrue(result, "is_error");
    JsonNode report = structured.path("content");
    String text = Native.plainText(result.path("content"));
    Long duration = Json.number(structured, "totalDurationMs");
    String output = text;
    if (!failed && report.isArray()) {
      output = answer(structured, report);
    } else if (text.contains(REPORT)) {
      // All there is of a subagent that another subagent started.
      output = framed(text.substring(text.indexOf(REPORT) + REPORT.length()));
      duration = millis(text);
    }
    return Optional.of(
        new SubagentEnd(
            Native.id(Json.textOr(result, "tool_use_id", "unknown")),
            Json.text(structured, "agentId"),
            failed,
            output,
            duration));
  }

  /** The report without the notes that the program puts before and after it for the model. */
  private static String answer(JsonNode structured, JsonNode report) {
    int from = (int) Json.numberOr(structured, "harnessNoteCount", 0);
    int to = report.size() - (int) Json.numberOr(structured, "harnessTailCount", 0);
    List<String> texts = new ArrayList<>();
    for (int i = Math.max(from, 0); i < Math.min(to, report.size()); i++) {
      texts.add(Json.textOr(report.get(i), "text", ""));
    }
    return String.join("\n", texts);
  }

  /** From a line that tells of the end of a background task. */
  static SubagentEnd ofNotification(JsonNode line, String toolUseId) {
    return new SubagentEnd(
        toolUseId,
        Json.text(line, "task_id"),
        !Json.textOr(line, "status", "").equals("completed"),
        Json.textOr(line, "summary", ""),
        Json.number(line.path("usage"), "duration_ms"));
  }

  /** The report without what follows it, and without the indentation of each line. */
  private static String framed(String text) {
    int end = text.length();
    for (String next : List.of("\nagentId: ", "\n<usage>")) {
      int at = text.lastIndexOf(next);
      end = at < 0 ? end : Math.min(end, at);
    }
    return text.substring(0, end).lines().map(SubagentEnd::unindented).collect(joining("\n"));
  }

  private static String unindented(String line) {
    return line.startsWith("  ") ? line.substring(2) : line;
  }

  private static @Nullable Long millis(String text) {
    String name = "duration_ms: ";
    int at = text.lastIndexOf(name);
    int from = at + name.length();
    int to = from;
    while (at >= 0 && to < text.length() && to < from + 15 && Character.isDigit(text.charAt(to))) {
      to++;
    }
    return at < 0 || to == from ? null : Long.valueOf(text.substring(from, to));
  }

  /** From the text by which the program tells the model of that end; empty for other tasks. */
  static Optional<SubagentEnd> ofNotificationText(String text) {
    if (!text.startsWith(NOTIFICATION)) {
      return Optional.empty();
    }
    String toolUseId = Texts.between(text, "<tool-use-id>", "</tool-use-id>");
    if (toolUseId == null) {
      return Optional.empty();
    }
    String result = Texts.between(text, "<result>", "</result>");
    String summary = Texts.between(text, "<summary>", "</summary>");
    String duration = Texts.between(text, "<duration_ms>", "</duration_ms>");
    return Optional.of(
        new SubagentEnd(
            toolUseId,
            Texts.between(text, "<task-id>", "</task-id>"),
            !"completed".equals(Texts.between(text, "<status>", "</status>")),
            result == null ? Objects.requireNonNullElse(summary, "") : result,
            duration == null ? null : millis("duration_ms: " + duration)));
  }
}
