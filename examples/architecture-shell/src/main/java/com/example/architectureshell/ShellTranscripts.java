package com.example.architectureshell;

import io.agentruntime.model.block.Block;
import io.agentruntime.model.block.BlockId;
import io.agentruntime.model.conversation.Conversation;
import io.agentruntime.model.conversation.ConversationFold;
import io.agentruntime.model.conversation.ConversationId;
import io.agentruntime.model.event.SessionEvent.BlockCompleted;
import io.agentruntime.model.session.SessionId;
import io.agentruntime.model.transcript.StoredTranscript;
import io.agentruntime.model.transcript.Transcript;
import io.agentruntime.model.transcript.TranscriptEntry;
import io.agentruntime.spi.architecture.TranscriptCodec;
import io.agentruntime.spi.architecture.TranscriptSource;
import io.agentruntime.spi.sandbox.SandboxPaths;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

// tag::transcripts[]
/** The agent's transcript: one file of lines. Stateless. */
final class ShellTranscripts implements TranscriptCodec {
  static String folder(SandboxPaths paths) {
    return paths.home() + "/.shell-agent";
  }

  static String name(SessionId id) {
    return id + ".txt";
  }

  @Override
  public TranscriptSource source(SessionId id, @Nullable String nativeId, SandboxPaths paths) {
    return new TranscriptSource.Files(folder(paths), List.of(name(id)));
  }

  @Override
  public Conversation decode(Transcript transcript) {
    ConversationFold fold = new ConversationFold();
    for (TranscriptEntry entry : transcript.entries()) {
      entry
          .content()
          .lines()
          .forEach(line -> ShellLine.block(line).ifPresent(block -> add(fold, block)));
    }
    return fold.snapshot();
  }

  private static void add(ConversationFold fold, Block block) {
    if (block instanceof Block.ToolResult result) {
      fold.block(ConversationId.MAIN, new BlockId(result.toolUseId()))
          .filter(Block.ToolUse.class::isInstance)
          .map(tool -> ShellProtocol.ended((Block.ToolUse) tool, result))
          .ifPresent(tool -> fold.apply(ConversationId.MAIN, new BlockCompleted(tool)));
    }
    fold.apply(ConversationId.MAIN, new BlockCompleted(block));
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
// end::transcripts[]
