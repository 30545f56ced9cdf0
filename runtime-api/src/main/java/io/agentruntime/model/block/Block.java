// SPDX-License-Identifier: MIT

package io.agentruntime.model.block;

import io.agentruntime.model.JsonValues;
import io.agentruntime.model.turn.UserContent;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One immutable piece of a conversation. */
public sealed interface Block {
  /** Id, status and time. */
  BlockHeader header();

  /** This block with another header. */
  Block withHeader(BlockHeader header);

  /** The block's id. */
  default BlockId id() {
    return header().id();
  }

  /** Whether it still grows. */
  default BlockStatus status() {
    return header().status();
  }

  /**
   * What the user said.
   *
   * @param header id, status and time
   * @param content exactly as it came
   */
  record UserMessage(BlockHeader header, UserContent content) implements Block {
    /** Checks required components. */
    public UserMessage {
      Objects.requireNonNull(header, "header");
      Objects.requireNonNull(content, "content");
    }

    @Override
    public UserMessage withHeader(BlockHeader newHeader) {
      return new UserMessage(newHeader, content);
    }
  }

  /**
   * What the agent said.
   *
   * @param header id, status and time
   * @param text the text so far
   * @param model the model that wrote it, if known
   */
  record AssistantText(BlockHeader header, String text, @Nullable String model) implements Block {
    /** Checks required components. */
    public AssistantText {
      Objects.requireNonNull(header, "header");
      Objects.requireNonNull(text, "text");
    }

    @Override
    public AssistantText withHeader(BlockHeader newHeader) {
      return new AssistantText(newHeader, text, model);
    }
  }

  /**
   * What the agent thought.
   *
   * @param header id, status and time
   * @param text the text so far
   * @param summary a summary, if the agent gives one
   */
  record Thinking(BlockHeader header, String text, @Nullable String summary) implements Block {
    /** Checks required components. */
    public Thinking {
      Objects.requireNonNull(header, "header");
      Objects.requireNonNull(text, "text");
    }

    @Override
    public Thinking withHeader(BlockHeader newHeader) {
      return new Thinking(newHeader, text, summary);
    }
  }

  /**
   * A tool that the agent asked for.
   *
   * @param header id, status and time
   * @param toolUseId the native id that the result refers to
   * @param toolName the tool's native name
   * @param input its arguments, JSON-like; empty while they are streamed
   * @param tool how far its execution has come
   * @param displayName a name for people, if the agent gives one
   * @param description what it is meant to do, if the agent says so
   */
  record ToolUse(
      BlockHeader header,
      String toolUseId,
      String toolName,
      Map<String, Object> input,
      ToolStatus tool,
      @Nullable String displayName,
      @Nullable String description)
      implements Block {
    /** Checks required components and copies the arguments, keeping their order. */
    public ToolUse {
      Objects.requireNonNull(header, "header");
      Objects.requireNonNull(toolUseId, "toolUseId");
      Objects.requireNonNull(toolName, "toolName");
      Objects.requireNonNull(tool, "tool");
      input = JsonValues.copy(input);
    }

    @Override
    public ToolUse withHeader(BlockHeader newHeader) {
      return new ToolUse(newHeader, toolUseId, toolName, input, tool, displayName, description);
    }

    /** This block with another execution status. */
    public ToolUse with(ToolStatus newTool) {
      return new ToolUse(header, toolUseId, toolName, input, newTool, displayName, description);
    }
  }

  /**
   * What a tool returned.
   *
   * @param header id, status and time
   * @param toolUseId the tool use it answers
   * @param output the output as text
   * @param failed whether the tool reported an error
   * @param durationMillis how long it took, if known
   * @param details structured JSON-like details, if the agent gives some (exit code, diff, …)
   */
  record ToolResult(
      BlockHeader header,
      String toolUseId,
      String output,
      boolean failed,
      @Nullable Long durationMillis,
      Map<String, Object> details)
      implements Block {
    /** Checks required components and copies the details, keeping their order. */
    public ToolResult {
      Objects.requireNonNull(header, "header");
      Objects.requireNonNull(toolUseId, "toolUseId");
      Objects.requireNonNull(output, "output");
      details = JsonValues.copy(details);
    }

    @Override
    public ToolResult withHeader(BlockHeader newHeader) {
      return new ToolResult(newHeader, toolUseId, output, failed, durationMillis, details);
    }
  }

  /**
   * The place in a conversation where a subagent was started; its own blocks are in a conversation
   * of their own.
   *
   * @param header id, status and time
   * @param toolUseId the tool use that started it, which is also its conversation's id
   * @param agentId the native id, once known
   * @param name the kind of subagent, if known
   * @param description what it is to do, in short
   * @param prompt what it was told
   * @param tool how far it has come
   * @param output its answer, once it has ended
   * @param durationMillis how long it took, once it has ended
   */
  record Subagent(
      BlockHeader header,
      String toolUseId,
      @Nullable String agentId,
      @Nullable String name,
      @Nullable String description,
      @Nullable String prompt,
      ToolStatus tool,
      @Nullable String output,
      @Nullable Long durationMillis)
      implements Block {
    /** Checks required components. */
    public Subagent {
      Objects.requireNonNull(header, "header");
      Objects.requireNonNull(toolUseId, "toolUseId");
      Objects.requireNonNull(tool, "tool");
    }

    @Override
    public Subagent withHeader(BlockHeader newHeader) {
      return new Subagent(
          newHeader, toolUseId, agentId, name, description, prompt, tool, output, durationMillis);
    }
  }

  /**
   * Something that the agent program reports about itself.
   *
   * @param header id, status and time
   * @param subtype for instance {@code session_start} or {@code status}
   * @param message a text for people
   * @param details JSON-like details
   */
  record SystemNote(BlockHeader header, String subtype, String message, Map<String, Object> details)
      implements Block {
    /** Checks required components and copies the details, keeping their order. */
    public SystemNote {
      Objects.requireNonNull(header, "header");
      Objects.requireNonNull(subtype, "subtype");
      Objects.requireNonNull(message, "message");
      details = JsonValues.copy(details);
    }

    @Override
    public SystemNote withHeader(BlockHeader newHeader) {
      return new SystemNote(newHeader, subtype, message, details);
    }
  }

  /**
   * A failure that is part of the conversation.
   *
   * @param header id, status and time
   * @param message what happened
   * @param code a stable code, if there is one
   */
  record Failure(BlockHeader header, String message, @Nullable String code) implements Block {
    /** Checks required components. */
    public Failure {
      Objects.requireNonNull(header, "header");
      Objects.requireNonNull(message, "message");
    }

    @Override
    public Failure withHeader(BlockHeader newHeader) {
      return new Failure(newHeader, message, code);
    }
  }

  /**
   * A skill's text that was loaded into the conversation.
   *
   * @param header id, status and time
   * @param skillName the skill
   * @param content its text
   */
  record SkillLoad(BlockHeader header, String skillName, String content) implements Block {
    /** Checks required components. */
    public SkillLoad {
      Objects.requireNonNull(header, "header");
      Objects.requireNonNull(skillName, "skillName");
      Objects.requireNonNull(content, "content");
    }

    @Override
    public SkillLoad withHeader(BlockHeader newHeader) {
      return new SkillLoad(newHeader, skillName, content);
    }
  }

  /**
   * A kind of block that this version does not know: kept, never interpreted.
   *
   * @param header id, status and time
   * @param type the unknown kind
   * @param raw all its fields, JSON-like
   */
  record Unknown(BlockHeader header, String type, Map<String, Object> raw) implements Block {
    /** Checks required components and copies the fields, keeping their order. */
    public Unknown {
      Objects.requireNonNull(header, "header");
      Objects.requireNonNull(type, "type");
      raw = JsonValues.copy(raw);
    }

    @Override
    public Unknown withHeader(BlockHeader newHeader) {
      return new Unknown(newHeader, type, raw);
    }
  }
}
