// SPDX-License-Identifier: MIT

package io.agentruntime.testkit.architecture;

import io.agentruntime.model.block.Block;
import io.agentruntime.model.block.BlockId;
import io.agentruntime.model.block.BlockStatus;
import io.agentruntime.model.conversation.ConversationId;
import io.agentruntime.model.event.DeltaField;
import io.agentruntime.model.event.Emission;
import io.agentruntime.model.event.SessionEvent.BlockCompleted;
import io.agentruntime.model.event.SessionEvent.BlockDelta;
import io.agentruntime.model.event.SessionEvent.BlockStarted;
import io.agentruntime.model.event.SessionEvent.BlockUpdated;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What clients that append rely on: a block begins once, grows only while it is open, ends once,
 * and its end holds exactly what its deltas said. Confined to one thread.
 */
final class BlockRules {
  /** A block in its conversation. */
  private record Key(ConversationId conversation, BlockId id) {}

  private final Map<Key, StringBuilder> open = new HashMap<>();
  private final Set<Key> ended = new HashSet<>();
  private final List<String> violations = new ArrayList<>();

  void check(Emission emission) {
    ConversationId conversation = emission.conversationId();
    switch (emission.event()) {
      case BlockStarted started -> started(new Key(conversation, started.block().id()), started);
      case BlockDelta delta -> {
        StringBuilder text = open.get(new Key(conversation, delta.blockId()));
        if (text == null) {
          violations.add("a delta of a block that is not open: " + emission);
        } else if (delta.field() == DeltaField.TEXT) {
          text.append(delta.text());
        }
      }
      case BlockUpdated updated -> {
        StringBuilder text = open.get(new Key(conversation, updated.block().id()));
        if (text != null) {
          text.replace(0, text.length(), textOf(updated.block()));
        }
      }
      case BlockCompleted completed ->
          completed(new Key(conversation, completed.block().id()), completed.block());
      default -> {
        // The other events are not about a block's life.
      }
    }
  }

  private void started(Key key, BlockStarted event) {
    if (event.block().status() != BlockStatus.PENDING) {
      violations.add("began as final: " + event);
    }
    if (ended.contains(key) || open.put(key, new StringBuilder()) != null) {
      violations.add("began twice: " + event);
    }
  }

  private void completed(Key key, Block block) {
    if (block.status() == BlockStatus.PENDING) {
      violations.add("ended as pending: " + block);
    }
    StringBuilder text = open.remove(key);
    if (!ended.add(key)) {
      violations.add("ended twice: " + block);
    }
    String whole = textOf(block);
    if (text != null && !text.isEmpty() && !whole.contentEquals(text)) {
      violations.add("ended with '" + whole + "' after deltas '" + text + "'");
    }
  }

  private static String textOf(Block block) {
    return switch (block) {
      case Block.AssistantText b -> b.text();
      case Block.Thinking b -> b.text();
      case Block.ToolResult b -> b.output();
      default -> "";
    };
  }

  /** A turn ended: the core completes what is open. */
  void turnEnded() {
    ended.addAll(open.keySet());
    open.clear();
  }

  List<String> violations() {
    return List.copyOf(violations);
  }
}
