// SPDX-License-Identifier: MIT

package io.agentruntime.testkit.architecture;

import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.model.block.Block;
import io.agentruntime.model.block.BlockHeader;
import io.agentruntime.model.block.ToolStatus;
import io.agentruntime.model.conversation.Conversation;
import io.agentruntime.model.conversation.ConversationFold;
import io.agentruntime.model.conversation.ConversationId;
import io.agentruntime.model.event.SessionEvent.BlockCompleted;
import io.agentruntime.model.event.SessionEvent.SubagentCompleted;
import io.agentruntime.model.event.SessionEvent.SubagentDiscovered;
import io.agentruntime.model.session.SessionId;
import io.agentruntime.model.transcript.StoredTranscript;
import io.agentruntime.model.transcript.Transcript;
import io.agentruntime.model.transcript.TranscriptEntry;
import io.agentruntime.model.turn.UserContent;
import io.agentruntime.spi.architecture.TranscriptCodec;
import io.agentruntime.spi.architecture.TranscriptSource;
import io.agentruntime.spi.sandbox.SandboxPaths;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The scripted agent's transcript: one file of lines. */
final class ScriptedTranscripts implements TranscriptCodec {
  static String folder(SandboxPaths paths) {
    return paths.home() + "/.scripted";
  }

  static String name(SessionId id) {
    return id.value() + ".txt";
  }

  @Override
  public TranscriptSource source(SessionId id, @Nullable String nativeId, SandboxPaths paths) {
    return new TranscriptSource.Files(folder(paths), List.of(name(id)));
  }

  @Override
  public Conversation decode(Transcript transcript) {
    ConversationFold fold = new ConversationFold();
    transcript.entries().stream()
        .flatMap(entry -> entry.content().lines())
        .forEach(line -> decode(fold, line));
    return fold.snapshot();
  }

  private static void decode(ConversationFold fold, String line) {
    ConversationId conversation = ConversationId.MAIN;
    String inner = line;
    try {
      if (line.startsWith("sub ")) {
        String[] fields = ScriptedLines.split(line, 3);
        conversation = new ConversationId(fields[1]);
        inner = fields[2];
      }
      Block block = block(inner);
      if (block == null) {
        return;
      }
      fold.apply(conversation, new BlockCompleted(block));
      if (block instanceof Block.ToolUse tool && tool.toolName().equals("subagent")) {
        ConversationId id = new ConversationId(tool.toolUseId());
        fold.apply(ConversationId.MAIN, new SubagentDiscovered(id, null, "scripted", null, null));
      }
      if (block instanceof Block.ToolResult result) {
        complete(fold, conversation, result);
      }
    } catch (AgentRuntimeException malformed) {
      // A line whose ids are none cannot be understood and is skipped, as the contract says.
      return;
    }
  }

  private static void complete(
      ConversationFold fold, ConversationId conversation, Block.ToolResult result) {
    fold.block(conversation, new io.agentruntime.model.block.BlockId(result.toolUseId()))
        .ifPresent(
            block -> {
              if (block instanceof Block.ToolUse tool) {
                fold.apply(
                    conversation,
                    new BlockCompleted(
                        tool.with(result.failed() ? ToolStatus.ERROR : ToolStatus.SUCCESS)));
                if (tool.toolName().equals("subagent")) {
                  fold.apply(
                      ConversationId.MAIN,
                      new SubagentCompleted(
                          new ConversationId(tool.toolUseId()),
                          null,
                          result.failed(),
                          result.output(),
                          null));
                }
              }
            });
  }

  /** The block that a final line stands for, null for other lines. */
  static @Nullable Block block(String line) {
    String[] fields = ScriptedLines.split(line, 3);
    try {
      return switch (fields[0]) {
        case "user" ->
            new Block.UserMessage(
                BlockHeader.complete(fields[1]),
                new UserContent.Text(ScriptedLines.unescape(fields[2])));
        case "text-end" ->
            new Block.AssistantText(
                BlockHeader.complete(fields[1]),
                ScriptedLines.unescape(fields[2]),
                "scripted-model");
        case "think-end" ->
            new Block.Thinking(
                BlockHeader.complete(fields[1]), ScriptedLines.unescape(fields[2]), null);
        case "tool" -> {
          String[] call = ScriptedLines.split(fields[2], 2);
          yield new Block.ToolUse(
              BlockHeader.complete(fields[1]),
              fields[1],
              call[0],
              Map.of("argument", ScriptedLines.unescape(call[1])),
              ToolStatus.RUNNING,
              null,
              null);
        }
        case "tool-end" -> {
          String[] result = ScriptedLines.split(fields[2], 2);
          yield new Block.ToolResult(
              BlockHeader.complete("result-" + fields[1]),
              fields[1],
              ScriptedLines.unescape(result[1]),
              !result[0].equals("ok"),
              null,
              Map.of());
        }
        default -> null;
      };
    } catch (AgentRuntimeException malformed) {
      return null;
    }
  }

  @Override
  public StoredTranscript toStored(Transcript transcript) {
    return new StoredTranscript(
        transcript.entries().isEmpty() ? "" : transcript.entries().getFirst().content(), Map.of());
  }

  @Override
  public Transcript fromStored(SessionId id, StoredTranscript stored) {
    return stored.raw().isEmpty()
        ? Transcript.EMPTY
        : new Transcript(List.of(new TranscriptEntry(name(id), stored.raw())));
  }
}
