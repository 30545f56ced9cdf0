package com.example.architectureshell;

import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.model.block.Block;
import io.agentruntime.model.block.BlockHeader;
import io.agentruntime.model.block.ToolStatus;
import io.agentruntime.model.turn.UserContent;
import java.util.Map;
import java.util.Optional;

/** The agent's native form: a line for each thing, in its output and in its transcript. */
final class ShellLine {
  private ShellLine() {}

  /** The block that a line tells of; empty for any other line, however strange. */
  static Optional<Block> block(String line) {
    String[] words = (line + "   ").split(" ", 3);
    String id = words[1];
    String rest = words[2].substring(0, Math.max(0, words[2].length() - 3));
    try {
      return switch (words[0]) {
        case "user" ->
            Optional.of(
                new Block.UserMessage(
                    BlockHeader.complete(id), new UserContent.Text(unescape(rest))));
        case "tool" ->
            Optional.of(
                new Block.ToolUse(
                    BlockHeader.pending(id),
                    id,
                    "sh",
                    Map.of("command", unescape(rest)),
                    ToolStatus.RUNNING,
                    null,
                    null));
        case "result" -> {
          String[] result = (rest + " ").split(" ", 2);
          String output = result[1].substring(0, Math.max(0, result[1].length() - 1));
          yield Optional.of(
              new Block.ToolResult(
                  BlockHeader.complete(id + "-result"),
                  id,
                  unescape(output),
                  !result[0].equals("ok"),
                  null,
                  Map.of()));
        }
        case "text" ->
            Optional.of(new Block.AssistantText(BlockHeader.complete(id), unescape(rest), null));
        default -> Optional.empty();
      };
    } catch (AgentRuntimeException e) {
      return Optional.empty(); // the id is none
    }
  }

  static String escape(String text) {
    return text.replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r");
  }

  private static String unescape(String text) {
    StringBuilder plain = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\\' && i + 1 < text.length()) {
        char escaped = text.charAt(++i);
        plain.append(escaped == 'n' ? '\n' : escaped == 'r' ? '\r' : escaped);
      } else {
        plain.append(c);
      }
    }
    return plain.toString();
  }
}
