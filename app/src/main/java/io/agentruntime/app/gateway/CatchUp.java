// SPDX-License-Identifier: MIT

package io.agentruntime.app.gateway;

import io.agentruntime.core.session.SessionView;
import io.agentruntime.error.StandardError;
import io.agentruntime.model.block.Block;
import io.agentruntime.model.block.BlockId;
import io.agentruntime.model.block.BlockStatus;
import io.agentruntime.model.conversation.ConversationId;
import io.agentruntime.model.conversation.SubagentConversation;
import io.agentruntime.model.session.SessionId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;

/**
 * What a client is told when it joins, beside what follows: the state of the runtime, and the
 * blocks that are growing with their text so far. Stateless.
 *
 * <p>A final block is never repeated: clients append what they are told is complete.
 */
final class CatchUp {
  private CatchUp() {}

  /** The runtime's state alone. */
  static List<WireEvent> status(SessionView view, Dialect dialect, Instant now) {
    return List.of(
        switch (dialect) {
          case FLAT -> FlatEvents.status(view.record().id(), view.lastSeq(), view.runtime());
          case UNIFIED ->
              UnifiedEvents.status(view.record().id(), view.lastSeq(), view.runtime(), now);
        });
  }

  /** That the client's place in the log is not known any more: it needs the state. */
  static WireEvent reset(SessionView view, Dialect dialect, Instant now) {
    SessionId id = view.record().id();
    return switch (dialect) {
      case FLAT ->
          new WireEvent(
              "session:reset",
              new Payload().put("sessionId", id.value()).put("seq", view.lastSeq()).done());
      case UNIFIED -> UnifiedEvents.reset(id, view.lastSeq(), now);
    };
  }

  /** That the store takes nothing: nothing new is shown until it does. */
  static WireEvent storeFailing(SessionId id, long seq, Dialect dialect, Instant now) {
    Payload payload =
        new Payload()
            .put("code", StandardError.STORE_UNAVAILABLE.name())
            .put(
                "message",
                "the store cannot be written at present; nothing is lost, and what happens is shown"
                    + " once it can");
    return storeNews("error", "error", payload, id, seq, dialect, now);
  }

  /** That nothing more comes from here: another server has the session. */
  static WireEvent takenOver(SessionId id, long seq, Dialect dialect, Instant now) {
    Payload payload =
        new Payload()
            .put("code", StandardError.FENCED.name())
            .put("message", "another server has taken this session over; follow it there");
    return storeNews("error", "error", payload, id, seq, dialect, now);
  }

  /** That the store takes events again; what had to wait follows. */
  static WireEvent storeRecovered(SessionId id, long seq, Dialect dialect, Instant now) {
    return storeNews(
        "session:store:recovered", "store:recovered", new Payload(), id, seq, dialect, now);
  }

  private static WireEvent storeNews(
      String flat,
      String unified,
      Payload payload,
      SessionId id,
      long seq,
      Dialect dialect,
      Instant now) {
    return switch (dialect) {
      case FLAT -> new WireEvent(flat, payload.put("sessionId", id.value()).put("seq", seq).done());
      case UNIFIED -> UnifiedEvents.server(unified, payload, id, seq, now);
    };
  }

  /** The runtime's state and the growing blocks. */
  static List<WireEvent> whole(SessionView view, Dialect dialect, Instant now) {
    List<WireEvent> events = new ArrayList<>(status(view, dialect, now));
    Set<Block> unannounced = new HashSet<>(StreamMemory.unannounced(view).toList());
    growing(
        view,
        (conversation, block) -> {
          switch (dialect) {
            case FLAT ->
                events.addAll(
                    FlatEvents.growing(
                        view.record().id(),
                        view.lastSeq(),
                        conversation,
                        emptied(block),
                        textOf(block)));
            case UNIFIED -> {
              if (!unannounced.contains(block) && !(block instanceof Block.UserMessage)) {
                events.add(
                    UnifiedEvents.growing(
                        view.record().id(), view.lastSeq(), conversation, block, now));
              }
            }
          }
        });
    return events;
  }

  /** The ids of the blocks that are growing. */
  static Set<BlockId> growing(SessionView view) {
    Set<BlockId> ids = new HashSet<>();
    growing(view, (conversation, block) -> ids.add(block.id()));
    return ids;
  }

  private static void growing(SessionView view, BiConsumer<ConversationId, Block> action) {
    growing(ConversationId.MAIN, view.conversation().blocks(), action);
    for (SubagentConversation subagent : view.conversation().subagents()) {
      growing(subagent.id(), subagent.blocks(), action);
    }
  }

  private static void growing(
      ConversationId conversation, List<Block> blocks, BiConsumer<ConversationId, Block> action) {
    for (Block block : blocks) {
      if (block.status() == BlockStatus.PENDING) {
        action.accept(conversation, block);
      }
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

  private static Block emptied(Block block) {
    return switch (block) {
      case Block.AssistantText b -> new Block.AssistantText(b.header(), "", b.model());
      case Block.Thinking b -> new Block.Thinking(b.header(), "", b.summary());
      case Block.ToolResult b ->
          new Block.ToolResult(
              b.header(), b.toolUseId(), "", b.failed(), b.durationMillis(), b.details());
      default -> block;
    };
  }
}
