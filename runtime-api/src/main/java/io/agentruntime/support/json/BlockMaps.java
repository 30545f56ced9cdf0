// SPDX-License-Identifier: MIT

package io.agentruntime.support.json;

import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.model.block.Block;
import io.agentruntime.model.block.BlockHeader;
import io.agentruntime.model.block.BlockId;
import io.agentruntime.model.block.BlockStatus;
import io.agentruntime.model.block.ToolStatus;
import java.util.Map;

/**
 * Blocks as JSON-like maps, with the field names that clients know. Stateless.
 *
 * <p>Every block has {@code type, id, status} and, once known, {@code timestamp}. {@code status} is
 * always the life cycle ({@code pending, complete, error}); how far a tool or subagent has come is
 * in {@code toolStatus}. A dialect that wants one of them under another name renames it.
 *
 * <table>
 * <caption>Fields by type; a question mark means absent when unknown or empty</caption>
 * <tr><th>type</th><th>fields</th></tr>
 * <tr><td>user_message</td><td>content (see {@link ContentMaps})</td></tr>
 * <tr><td>assistant_text</td><td>content, model?</td></tr>
 * <tr><td>thinking</td><td>content, summary?</td></tr>
 * <tr><td>tool_use</td>
 *   <td>toolUseId, toolName, input, toolStatus, displayName?, description?</td></tr>
 * <tr><td>tool_result</td><td>toolUseId, output, isError, durationMs?, metadata?</td></tr>
 * <tr><td>subagent</td><td>toolUseId, subagentId?, name?, description?, input?, toolStatus,
 *   output?, durationMs?</td></tr>
 * <tr><td>system</td><td>subtype, message, metadata?</td></tr>
 * <tr><td>error</td><td>message, code?</td></tr>
 * <tr><td>skill_load</td><td>skillName, content</td></tr>
 * <tr><td>unknown</td><td>unknownType, raw</td></tr>
 * </table>
 *
 * <p>Reading is lenient: unknown fields are ignored, and an unknown type becomes a {@link
 * Block.Unknown}. An unknown block is always written under the type {@code unknown}, so that a name
 * which an agent made up can never come back as one of ours.
 */
public final class BlockMaps {
  private BlockMaps() {}

  /** The name of a block's type. */
  public static String typeOf(Block block) {
    return switch (block) {
      case Block.UserMessage b -> "user_message";
      case Block.AssistantText b -> "assistant_text";
      case Block.Thinking b -> "thinking";
      case Block.ToolUse b -> "tool_use";
      case Block.ToolResult b -> "tool_result";
      case Block.Subagent b -> "subagent";
      case Block.SystemNote b -> "system";
      case Block.Failure b -> "error";
      case Block.SkillLoad b -> "skill_load";
      case Block.Unknown b -> "unknown";
    };
  }

  /** The block with all its fields; unmodifiable. */
  public static Map<String, Object> write(Block block) {
    MapWriter map =
        new MapWriter()
            .put("type", typeOf(block))
            .put("id", block.id().value())
            .put("status", block.status())
            .put("timestamp", block.header().at());
    switch (block) {
      case Block.UserMessage b -> map.put("content", ContentMaps.write(b.content()));
      case Block.AssistantText b -> map.put("content", b.text()).put("model", b.model());
      case Block.Thinking b -> map.put("content", b.text()).put("summary", b.summary());
      case Block.ToolUse b ->
          map.put("toolUseId", b.toolUseId())
              .put("toolName", b.toolName())
              .put("input", b.input())
              .put("toolStatus", b.tool())
              .put("displayName", b.displayName())
              .put("description", b.description());
      case Block.ToolResult b ->
          map.put("toolUseId", b.toolUseId())
              .put("output", b.output())
              .put("isError", b.failed())
              .put("durationMs", b.durationMillis())
              .putUnlessEmpty("metadata", b.details());
      case Block.Subagent b ->
          map.put("toolUseId", b.toolUseId())
              .put("subagentId", b.agentId())
              .put("name", b.name())
              .put("description", b.description())
              .put("input", b.prompt())
              .put("toolStatus", b.tool())
              .put("output", b.output())
              .put("durationMs", b.durationMillis());
      case Block.SystemNote b ->
          map.put("subtype", b.subtype())
              .put("message", b.message())
              .putUnlessEmpty("metadata", b.details());
      case Block.Failure b -> map.put("message", b.message()).put("code", b.code());
      case Block.SkillLoad b -> map.put("skillName", b.skillName()).put("content", b.content());
      case Block.Unknown b -> map.put("unknownType", b.type()).put("raw", b.raw());
    }
    return map.done();
  }

  /**
   * Reads what {@link #write} wrote, in this version or any other.
   *
   * @throws AgentRuntimeException {@code STORE_CORRUPT} naming the field that is missing or wrong
   */
  public static Block read(Map<String, ?> map) {
    return Stored.read("block", () -> read(new Fields("", map)));
  }

  static Block read(Fields map) {
    BlockHeader header =
        new BlockHeader(
            map.parsed("id", BlockId::new),
            map.choice("status", BlockStatus.class),
            map.optionalInstant("timestamp"));
    String type = map.text("type");
    return switch (type) {
      case "user_message" -> new Block.UserMessage(header, ContentMaps.read(map, "content"));
      case "assistant_text" ->
          new Block.AssistantText(header, map.text("content"), map.optionalText("model"));
      case "thinking" ->
          new Block.Thinking(header, map.text("content"), map.optionalText("summary"));
      case "tool_use" ->
          new Block.ToolUse(
              header,
              map.text("toolUseId"),
              map.text("toolName"),
              map.values("input"),
              map.choice("toolStatus", ToolStatus.class),
              map.optionalText("displayName"),
              map.optionalText("description"));
      case "tool_result" ->
          new Block.ToolResult(
              header,
              map.text("toolUseId"),
              map.text("output"),
              map.flag("isError"),
              map.optionalNumber("durationMs"),
              map.values("metadata"));
      case "subagent" ->
          new Block.Subagent(
              header,
              map.text("toolUseId"),
              map.optionalText("subagentId"),
              map.optionalText("name"),
              map.optionalText("description"),
              map.optionalText("input"),
              map.choice("toolStatus", ToolStatus.class),
              map.optionalText("output"),
              map.optionalNumber("durationMs"));
      case "system" ->
          new Block.SystemNote(
              header, map.text("subtype"), map.text("message"), map.values("metadata"));
      case "error" -> new Block.Failure(header, map.text("message"), map.optionalText("code"));
      case "skill_load" -> new Block.SkillLoad(header, map.text("skillName"), map.text("content"));
      case "unknown" -> new Block.Unknown(header, map.text("unknownType"), map.values("raw"));
      default -> new Block.Unknown(header, type, map.all());
    };
  }
}
