package io.agentruntime.architecture.claude;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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
  private static final Pattern FIELD =
      Pattern.compile(
          "<(task-id|tool-use-id|status|summary|result|duration_ms)>(.*?)</\\1>", Pattern.DOTALL);

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
    String output =
        !failed && report.isArray()
            ? answer(structured, report)
            : Native.plainText(result.path("content"));
    return Optional.of(
        new SubagentEnd(
            Native.id(Json.textOr(result, "tool_use_id", "unknown")),
            Json.text(structured, "agentId"),
            failed,
            output,
            Json.number(structured, "totalDurationMs")));
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

  /** From the text by which the program tells the model of that end; empty for other tasks. */
  static Optional<SubagentEnd> ofNotificationText(String text) {
    @Nullable String toolUseId = null;
    @Nullable String agentId = null;
    String status = "";
    String summary = "";
    @Nullable String result = null;
    @Nullable Long duration = null;
    Matcher field = FIELD.matcher(text);
    while (field.find()) {
      String value = field.group(2);
      switch (field.group(1)) {
        case "task-id" -> agentId = value;
        case "tool-use-id" -> toolUseId = value;
        case "status" -> status = value;
        case "summary" -> summary = value;
        case "result" -> result = value;
        default -> duration = value.matches("[0-9]{1,15}") ? Long.valueOf(value) : null;
      }
    }
    return toolUseId == null
        ? Optional.empty()
        : Optional.of(
            new SubagentEnd(
                toolUseId,
                agentId,
                !status.equals("completed"),
                result == null ? summary : result,
                duration));
  }
}
