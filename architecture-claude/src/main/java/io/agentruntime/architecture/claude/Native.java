// SPDX-License-Identifier: MIT

package io.agentruntime.architecture.claude;

import com.fasterxml.jackson.databind.JsonNode;
import io.agentruntime.architecture.support.json.Json;
import io.agentruntime.model.block.Block;
import io.agentruntime.model.block.BlockHeader;
import io.agentruntime.model.block.BlockStatus;
import io.agentruntime.model.block.ToolStatus;
import io.agentruntime.model.turn.ContentPart;
import io.agentruntime.model.turn.UserContent;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Native objects as blocks: what the stream and the transcript have in common, so that both give
 * the same blocks with the same ids.
 */
final class Native {
  /** The model that the program names when it speaks itself. */
  static final String SYNTHETIC = "<synthetic>";

  private static final Set<String> SUBAGENT_TOOLS = Set.of("Task", "Agent");
  private static final Set<String> INTERRUPTED =
      Set.of("[Request interrupted by user]", "[Request interrupted by user for tool use]");
  private static final Pattern SAFE_ID = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.:-]{0,159}");

  /** Longer texts of a structured tool result repeat what its output or input says already. */
  private static final int MAX_DETAIL = 1024;

  private Native() {}

  /** A native id as it is where it can be one of ours; else a name derived from it. */
  static String id(String nativeId) {
    return SAFE_ID.matcher(nativeId).matches() && !nativeId.contains("..")
        ? nativeId
        : "x-" + UUID.nameUUIDFromBytes(nativeId.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * The id of a text or thinking block.
   *
   * @param messageId the model's message
   * @param index the block's place in it
   * @param attempt which attempt at that message, from 1: a model API may repeat an id
   */
  static String blockId(String messageId, int index, int attempt) {
    return id(messageId) + "-" + index + (attempt > 1 ? "." + attempt : "");
  }

  /** The id of the block that stands for a subagent in its parent's conversation. */
  static String subagentBlockId(String toolUseId) {
    return "subagent-block-" + id(toolUseId);
  }

  /** Whether a tool starts a subagent. */
  static boolean startsSubagent(String toolName) {
    return SUBAGENT_TOOLS.contains(toolName);
  }

  /** Whether a text is what the program writes into the conversation after an interrupt. */
  static boolean isInterruption(String text) {
    return INTERRUPTED.contains(text);
  }

  static Block.SystemNote interruption(String uuid) {
    return new Block.SystemNote(
        BlockHeader.complete(id(uuid)), "status", "Interrupted by the user", Map.of());
  }

  /** A tool use, or the subagent that it starts. */
  static Block tool(
      String toolUseId,
      String name,
      Map<String, Object> input,
      BlockStatus status,
      ToolStatus tool) {
    String safeId = id(toolUseId);
    if (startsSubagent(name)) {
      return new Block.Subagent(
          BlockHeader.pending(subagentBlockId(toolUseId)).with(status),
          safeId,
          null,
          string(input, "subagent_type"),
          string(input, "description"),
          string(input, "prompt"),
          tool,
          null,
          null);
    }
    return new Block.ToolUse(
        BlockHeader.pending(safeId).with(status),
        safeId,
        name,
        input,
        tool,
        null,
        string(input, "description"));
  }

  private static @Nullable String string(Map<String, Object> map, String key) {
    return map.get(key) instanceof String text ? text : null;
  }

  /**
   * What a tool returned.
   *
   * @param result the {@code tool_result} block
   * @param structured what the program adds for programs, missing if it adds nothing
   */
  static Block.ToolResult toolResult(JsonNode result, JsonNode structured) {
    String toolUseId = id(Json.textOr(result, "tool_use_id", "unknown"));
    return new Block.ToolResult(
        BlockHeader.complete("result-" + toolUseId),
        toolUseId,
        plainText(result.path("content")),
        Json.isTrue(result, "is_error"),
        Json.number(structured, "durationMs"),
        details(structured));
  }

  /** The short facts of a structured result, and patches; not the texts that repeat the output. */
  private static Map<String, Object> details(JsonNode structured) {
    Map<String, Object> details = new LinkedHashMap<>();
    structured
        .properties()
        .forEach(
            field -> {
              JsonNode value = field.getValue();
              switch (value.getNodeType()) {
                case NUMBER -> details.put(field.getKey(), value.numberValue());
                case BOOLEAN -> details.put(field.getKey(), value.booleanValue());
                case STRING -> {
                  if (!value.textValue().isEmpty() && value.textValue().length() <= MAX_DETAIL) {
                    details.put(field.getKey(), value.textValue());
                  }
                }
                case ARRAY -> {
                  if (field.getKey().equals("structuredPatch")) {
                    details.put(field.getKey(), Json.MAPPER.convertValue(value, List.class));
                  }
                }
                default -> {
                  // Whole objects repeat the output.
                }
              }
            });
    details.remove("stdout");
    details.remove("content");
    details.remove("originalFile");
    return details;
  }

  /** The text of a content that is a text or a list of parts. */
  static String plainText(JsonNode content) {
    if (content.isTextual()) {
      return content.textValue();
    }
    StringBuilder text = new StringBuilder();
    for (JsonNode part : content) {
      if (!text.isEmpty()) {
        text.append('\n');
      }
      text.append(
          part.path("text").isTextual()
              ? part.path("text").textValue()
              : "[" + Json.textOr(part, "type", "part") + "]");
    }
    return text.toString();
  }

  /** What a user said. */
  static UserContent userContent(JsonNode content) {
    if (content.isTextual()) {
      return new UserContent.Text(content.textValue());
    }
    List<ContentPart> parts = new ArrayList<>();
    for (JsonNode part : content) {
      JsonNode source = part.path("source");
      switch (Json.textOr(part, "type", "")) {
        case "text" -> parts.add(new ContentPart.Text(Json.textOr(part, "text", "")));
        case "image" ->
            parts.add(
                source.path("url").isTextual()
                    ? new ContentPart.Image(
                        ContentPart.Source.URL, source.path("url").textValue(), null)
                    : new ContentPart.Image(
                        ContentPart.Source.BASE64,
                        Json.textOr(source, "data", ""),
                        Json.text(source, "media_type")));
        default -> {
          // Documents and other parts are never sent by us.
        }
      }
    }
    return new UserContent.Parts(parts);
  }

  /** A user's words as the program takes them: a text stays a text, byte by byte. */
  static Object nativeContent(UserContent content) {
    return switch (content) {
      case UserContent.Text text -> text.text();
      case UserContent.Parts parts -> parts.parts().stream().map(Native::nativePart).toList();
    };
  }

  private static Map<String, Object> nativePart(ContentPart part) {
    Map<String, Object> object = new LinkedHashMap<>();
    switch (part) {
      case ContentPart.Text text -> {
        object.put("type", "text");
        object.put("text", text.text());
      }
      case ContentPart.Image image -> {
        Map<String, Object> source = new LinkedHashMap<>();
        switch (image.source()) {
          case URL -> {
            source.put("type", "url");
            source.put("url", image.data());
          }
          case BASE64 -> {
            source.put("type", "base64");
            source.put("media_type", image.mediaType() == null ? "image/png" : image.mediaType());
            source.put("data", image.data());
          }
        }
        object.put("type", "image");
        object.put("source", source);
      }
    }
    return object;
  }

  /** What a subagent was told: the stream gives it as a list of one text. */
  static UserContent prompt(JsonNode content) {
    for (JsonNode part : content) {
      if (!Json.textOr(part, "type", "").equals("text")) {
        return userContent(content);
      }
    }
    return new UserContent.Text(plainText(content));
  }

  /** What a failing model API was reported as, in either spelling of the two native forms. */
  static Block.Failure apiError(String messageId, String text, JsonNode line) {
    String error = Json.textOr(line, "error", "unknown");
    String code =
        error.equals("unknown")
            ? Json.textOr(line, "api_error_type", Json.textOr(line, "apiErrorType", error))
            : error;
    return new Block.Failure(
        new BlockHeader(
            new io.agentruntime.model.block.BlockId(blockId(messageId, 0, 1)),
            BlockStatus.ERROR,
            null),
        text,
        code);
  }

  /** Whether a line or record is the program's report of a failing model API. */
  static boolean isApiError(JsonNode line) {
    return Json.isTrue(line, "is_api_error_message") || Json.isTrue(line, "isApiErrorMessage");
  }

  /** The model's name, null where the program speaks itself. */
  static @Nullable String model(JsonNode message) {
    String model = Json.text(message, "model");
    return SYNTHETIC.equals(model) ? null : model;
  }

  /** A subagent's block with its native id, if given, and another status. */
  static Block.Subagent with(Block.Subagent s, @Nullable String agentId, ToolStatus tool) {
    return new Block.Subagent(
        s.header(),
        s.toolUseId(),
        agentId == null ? s.agentId() : agentId,
        s.name(),
        s.description(),
        s.prompt(),
        tool,
        s.output(),
        s.durationMillis());
  }

  /** A subagent's block once it has ended. */
  static Block.Subagent ended(Block.Subagent subagent, SubagentEnd end) {
    return new Block.Subagent(
        subagent.header().with(end.failed() ? BlockStatus.ERROR : BlockStatus.COMPLETE),
        subagent.toolUseId(),
        end.agentId() == null ? subagent.agentId() : end.agentId(),
        subagent.name(),
        subagent.description(),
        subagent.prompt(),
        end.failed() ? ToolStatus.ERROR : ToolStatus.SUCCESS,
        end.output(),
        end.durationMillis());
  }
}
