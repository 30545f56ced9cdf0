// SPDX-License-Identifier: MIT

package io.agentruntime.architecture.gemini;

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

/**
 * A text or a thought as it arrives twice: streamed, and whole in the program's records. Confined
 * to its lane.
 */
final class Piece {
  private final ConversationId conversation;
  private final String id;
  private final boolean thinking;
  private final StringBuilder streamed = new StringBuilder();
  private final StringBuilder recorded = new StringBuilder();
  private boolean started;

  Piece(ConversationId conversation, String id, boolean thinking) {
    this.conversation = conversation;
    this.id = id;
    this.thinking = thinking;
  }

  void stream(String text, Emitter out) {
    if (!started) {
      started = true;
      out.emit(conversation, new BlockStarted(block(id, "", null, BlockStatus.PENDING)));
    }
    String added = thinking && !streamed.isEmpty() ? "\n\n" + text : text;
    streamed.append(added);
    out.emit(conversation, new BlockDelta(new BlockId(id), DeltaField.TEXT, added));
  }

  void record(String text) {
    if (thinking && !recorded.isEmpty()) {
      recorded.append("\n\n");
    }
    recorded.append(text);
  }

  /** Whether everything that was recorded has been streamed too. */
  boolean isCaughtUp() {
    return recorded.isEmpty() || same(streamed, recorded);
  }

  /**
   * No more comes. What was streamed before the program tried again is marked as cut off, and what
   * it keeps follows.
   */
  void end(@Nullable String model, Emitter out) {
    boolean whole = isCaughtUp();
    if (started) {
      complete(id, streamed, model, whole ? BlockStatus.COMPLETE : BlockStatus.ERROR, out);
    }
    if (!recorded.isEmpty() && (!started || !whole)) {
      complete(started ? id + "-again" : id, recorded, model, BlockStatus.COMPLETE, out);
    }
  }

  /** Whether the program has written it down, which it does when it is whole. */
  boolean isRecorded() {
    return !recorded.isEmpty();
  }

  String streamed() {
    return streamed.toString();
  }

  private void complete(
      String blockId, CharSequence text, @Nullable String model, BlockStatus status, Emitter out) {
    out.emit(conversation, new BlockCompleted(block(blockId, text.toString(), model, status)));
  }

  private Block block(String blockId, String text, @Nullable String model, BlockStatus status) {
    BlockHeader header = new BlockHeader(new BlockId(blockId), status, null);
    return thinking
        ? new Block.Thinking(header, text, null)
        : new Block.AssistantText(header, text, model);
  }

  /** The same but for space: the program records texts without the space around them. */
  static boolean same(CharSequence one, CharSequence other) {
    return squeezed(one).equals(squeezed(other));
  }

  private static String squeezed(CharSequence text) {
    StringBuilder kept = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (!Character.isWhitespace(c) && !Character.isSpaceChar(c) && c != '\ufeff') {
        kept.append(c);
      }
    }
    return kept.toString();
  }
}
