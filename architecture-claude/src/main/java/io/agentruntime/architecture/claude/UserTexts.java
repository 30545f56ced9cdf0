// SPDX-License-Identifier: MIT

package io.agentruntime.architecture.claude;

import com.fasterxml.jackson.databind.JsonNode;
import io.agentruntime.architecture.support.json.Json;
import io.agentruntime.model.block.Block;
import io.agentruntime.model.block.BlockHeader;
import io.agentruntime.model.conversation.ConversationId;
import io.agentruntime.model.turn.UserContent;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Texts that stand in the conversation under the user's name: real ones, and those that the program
 * writes there itself for the model.
 */
final class UserTexts {
  private static final String SKILL = "Base directory for this skill: ";

  private UserTexts() {}

  /** What a slash command of the program itself printed. */
  static Optional<Block> localOutput(JsonNode line, String id) {
    String text = content(line);
    for (String stream : List.of("stdout", "stderr")) {
      String tag = "local-command-" + stream + ">";
      String output =
          text.startsWith("<" + tag) ? Texts.between(text, "<" + tag, "</" + tag) : null;
      if (output != null && !output.isBlank()) {
        return Optional.of(
            new Block.SystemNote(BlockHeader.complete(id), "status", output.strip(), Map.of()));
      }
    }
    return Optional.empty();
  }

  private static boolean isLocalOutput(String text) {
    return text.startsWith("<local-command-std");
  }

  /**
   * The block for a text that no message of ours brought in; empty for what is only meant for the
   * model. A skill's text is shown where the model asked for the skill; where the user did, by a
   * slash command, the stream does not hold it.
   */
  static Optional<Block> said(JsonNode line, String id, ConversationId conversation) {
    String text = content(line);
    if (Native.isInterruption(text)) {
      return Optional.of(Native.interruption(id));
    }
    Optional<Block> skill = skill(text, id);
    if (skill.isPresent()) {
      return skill;
    }
    if (Json.isTrue(line, "isSynthetic") || Json.isTrue(line, "isMeta") || text.isEmpty()) {
      return Optional.empty();
    }
    Optional<Block> output = localOutput(line, id);
    if (output.isPresent()) {
      return output;
    }
    // A subagent's prompt is the one text that nobody but the program brings in.
    return conversation.isMain()
        ? Optional.empty()
        : Optional.of(
            new Block.UserMessage(
                BlockHeader.complete(id), Native.prompt(line.path("message").path("content"))));
  }

  /**
   * The block for a text in a transcript, where the user's own messages stand too; empty for what
   * is only meant for the model.
   */
  static Optional<Block> recorded(JsonNode fields, String id, ConversationId conversation) {
    JsonNode content = fields.path("message").path("content");
    String text = Native.plainText(content);
    boolean ours = fields.path("promptSource").isTextual();
    if (Json.isTrue(fields, "isMeta")) {
      return fields.path("sourceToolUseID").isTextual() ? skill(text, id) : Optional.empty();
    }
    if (Json.isTrue(fields, "isCompactSummary") || fields.path("origin").isObject()) {
      return Optional.empty();
    }
    if (!ours && Native.isInterruption(text)) {
      return Optional.of(Native.interruption(id));
    }
    if (!ours && isLocalOutput(text)) {
      return localOutput(fields, id);
    }
    if (!conversation.isMain()) {
      return Optional.of(new Block.UserMessage(BlockHeader.complete(id), Native.prompt(content)));
    }
    return Optional.of(
        new Block.UserMessage(
            BlockHeader.complete(id),
            (ours ? Optional.<String>empty() : command(text))
                .<UserContent>map(UserContent.Text::new)
                .orElseGet(() -> Native.userContent(content))));
  }

  /** The text of a skill that the model asked for. */
  static Optional<Block> skill(String text, String id) {
    int end = text.indexOf('\n');
    if (end < 0 || !text.startsWith(SKILL)) {
      return Optional.empty();
    }
    String folder = text.substring(SKILL.length(), end);
    String name = folder.substring(folder.lastIndexOf('/') + 1);
    return Optional.of(
        new Block.SkillLoad(BlockHeader.complete(id), name, text.substring(end).stripLeading()));
  }

  /** A slash command as the user wrote it, from the form in which it is recorded. */
  static Optional<String> command(String text) {
    String name = Texts.between(text, "<command-name>", "</command-name>");
    if (!text.startsWith("<command-") || name == null) {
      return Optional.empty();
    }
    String arguments = Texts.between(text, "<command-args>", "</command-args>");
    return Optional.of(arguments == null || arguments.isEmpty() ? name : name + " " + arguments);
  }

  private static String content(JsonNode line) {
    return Native.plainText(line.path("message").path("content"));
  }
}
