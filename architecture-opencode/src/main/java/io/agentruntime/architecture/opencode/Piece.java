// SPDX-License-Identifier: MIT

package io.agentruntime.architecture.opencode;

import io.agentruntime.architecture.support.protocol.Emitter;
import io.agentruntime.model.block.Block;
import io.agentruntime.model.block.BlockHeader;
import io.agentruntime.model.block.BlockId;
import io.agentruntime.model.block.BlockStatus;
import io.agentruntime.model.conversation.ConversationId;
import io.agentruntime.model.event.DeltaField;
import io.agentruntime.model.event.SessionEvent.BlockCompleted;
import io.agentruntime.model.event.SessionEvent.BlockDelta;
import io.agentruntime.model.event.SessionEvent.BlockStarted;
import org.jspecify.annotations.Nullable;

/** A text or a thought that grows. One without a word never becomes a block. Confined. */
final class Piece {
  private final ConversationId conversation;
  private final String id;
  private final boolean thinking;
  private final @Nullable String model;
  private final StringBuilder streamed = new StringBuilder();

  Piece(ConversationId conversation, String id, boolean thinking, @Nullable String model) {
    this.conversation = conversation;
    this.id = id;
    this.thinking = thinking;
    this.model = model;
  }

  void grow(String text, Emitter out) {
    if (streamed.isEmpty()) {
      out.emit(conversation, new BlockStarted(block("", BlockStatus.PENDING)));
    }
    streamed.append(text);
    out.emit(conversation, new BlockDelta(new BlockId(id), DeltaField.TEXT, text));
  }

  /** The text so far; more than what was streamed when a part of the stream was lost. */
  void reached(String text, Emitter out) {
    if (text.length() > streamed.length() && text.startsWith(streamed.toString())) {
      grow(text.substring(streamed.length()), out);
    }
  }

  void end(String text, Emitter out) {
    if (!streamed.isEmpty() || !text.isEmpty()) {
      out.emit(conversation, new BlockCompleted(block(text, BlockStatus.COMPLETE)));
    }
  }

  void cutOff(Emitter out) {
    if (!streamed.isEmpty()) {
      out.emit(conversation, new BlockCompleted(block(streamed.toString(), BlockStatus.ERROR)));
    }
  }

  private Block block(String text, BlockStatus status) {
    BlockHeader header = new BlockHeader(new BlockId(id), status, null);
    return thinking
        ? new Block.Thinking(header, text, null)
        : new Block.AssistantText(header, text, model);
  }
}
