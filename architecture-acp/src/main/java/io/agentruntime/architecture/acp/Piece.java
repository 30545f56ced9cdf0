// SPDX-License-Identifier: MIT

package io.agentruntime.architecture.acp;

import io.agentruntime.architecture.support.protocol.Emitter;
import io.agentruntime.model.block.Block;
import io.agentruntime.model.block.BlockHeader;
import io.agentruntime.model.block.BlockId;
import io.agentruntime.model.event.DeltaField;
import io.agentruntime.model.event.SessionEvent.BlockCompleted;
import io.agentruntime.model.event.SessionEvent.BlockDelta;
import io.agentruntime.model.event.SessionEvent.BlockStarted;
import org.jspecify.annotations.Nullable;

/** A text or a thought that is being written. Confined to its conversation. */
final class Piece {
  private final String id;
  private final boolean thought;
  private final String message;
  private final @Nullable String model;
  private final StringBuilder text = new StringBuilder();

  Piece(String id, boolean thought, String message, @Nullable String model) {
    this.id = id;
    this.thought = thought;
    this.message = message;
    this.model = model;
  }

  /** Whether a chunk belongs to it; programs that give no message ids end one by another kind. */
  boolean goesOn(boolean asThought, String ofMessage) {
    return thought == asThought && message.equals(ofMessage);
  }

  void add(String chunk, Emitter out) {
    if (text.isEmpty()) {
      out.main(new BlockStarted(block(BlockHeader.pending(id))));
    }
    text.append(chunk);
    out.main(new BlockDelta(new BlockId(id), DeltaField.TEXT, chunk));
  }

  void end(Emitter out) {
    out.main(new BlockCompleted(block(BlockHeader.complete(id))));
  }

  private Block block(BlockHeader header) {
    return thought
        ? new Block.Thinking(header, text.toString(), null)
        : new Block.AssistantText(header, text.toString(), model);
  }
}
