// SPDX-License-Identifier: MIT

package io.agentruntime.app.gateway;

import io.agentruntime.core.session.SessionView;
import io.agentruntime.model.block.Block;
import io.agentruntime.model.block.BlockStatus;
import io.agentruntime.model.conversation.ConversationId;
import io.agentruntime.model.event.EventEnvelope;
import io.agentruntime.model.event.SessionEvent;
import io.agentruntime.model.event.SessionEvent.BlockCompleted;
import io.agentruntime.model.event.SessionEvent.BlockStarted;
import io.agentruntime.model.event.SessionEvent.BlockUpdated;
import io.agentruntime.model.event.SessionEvent.StatusChanged;
import io.agentruntime.model.event.SessionEvent.SubagentDiscovered;
import io.agentruntime.model.event.SessionEvent.TurnCancelled;
import io.agentruntime.model.event.SessionEvent.TurnQueued;
import io.agentruntime.model.event.SessionEvent.TurnStarted;
import io.agentruntime.model.session.SandboxState;
import io.agentruntime.model.turn.MessageId;
import io.agentruntime.model.turn.UserContent;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The little that must be remembered of a session's events to show the next one. Confined to one
 * thread.
 *
 * <p>Clients of both dialects have their own idea of how a subagent begins: flat ones empty its
 * conversation each time they are told of it, and unified ones make up its block and do not look
 * whether they have it.
 */
final class StreamMemory {
  private static final EventContext HELD_BACK =
      new EventContext(false, true, null, null, null, null);

  private final Set<ConversationId> discovered = new HashSet<>();
  private final Map<ConversationId, Block.Subagent> heldBack = new HashMap<>();
  private final Map<MessageId, String> waiting = new HashMap<>();
  private boolean sandboxKnown;
  private @Nullable SandboxState sandbox;

  private StreamMemory() {}

  /** Of a stream that begins somewhere in the middle. */
  static StreamMemory ofUnknownPast() {
    return new StreamMemory();
  }

  /** Of a stream that goes on from this state. */
  static StreamMemory after(SessionView view) {
    StreamMemory memory = new StreamMemory();
    view.conversation().subagents().forEach(subagent -> memory.discovered.add(subagent.id()));
    unannounced(view).forEach(block -> memory.heldBack.put(conversationOf(block), block));
    view.queue().forEach(message -> memory.queued(message.messageId(), message.content()));
    memory.sandbox = view.runtime().sandbox();
    memory.sandboxKnown = true;
    return memory;
  }

  /** Blocks of subagents that were begun but not told of yet. */
  static Stream<Block.Subagent> unannounced(SessionView view) {
    Set<ConversationId> known = new HashSet<>();
    view.conversation().subagents().forEach(subagent -> known.add(subagent.id()));
    return Stream.concat(
            Stream.of(view.conversation().blocks()),
            view.conversation().subagents().stream().map(subagent -> subagent.blocks()))
        .flatMap(List::stream)
        .filter(block -> block.status() == BlockStatus.PENDING)
        .filter(Block.Subagent.class::isInstance)
        .map(Block.Subagent.class::cast)
        .filter(block -> !known.contains(conversationOf(block)));
  }

  /** Takes note of an event; what is to be known when it is shown. */
  EventContext take(EventEnvelope envelope) {
    SessionEvent event = envelope.event();
    return switch (event) {
      case BlockStarted e when e.block() instanceof Block.Subagent block -> begun(block);
      case BlockUpdated e when e.block() instanceof Block.Subagent block -> changed(block);
      case BlockCompleted e when e.block() instanceof Block.Subagent block -> {
        heldBack.remove(conversationOf(block));
        yield EventContext.NONE;
      }
      case SubagentDiscovered e -> {
        boolean first = discovered.add(e.id());
        yield new EventContext(!first, false, heldBack.remove(e.id()), null, null, null);
      }
      case TurnQueued e -> {
        queued(e.messageId(), e.content());
        yield EventContext.NONE;
      }
      case TurnCancelled e -> {
        waiting.remove(e.messageId());
        yield EventContext.NONE;
      }
      case TurnStarted e ->
          new EventContext(false, false, null, null, waiting.remove(e.messageId()), null);
      case StatusChanged e -> changed(e.state().sandbox());
      default -> EventContext.NONE;
    };
  }

  private void queued(MessageId id, UserContent content) {
    waiting.put(id, content.plainText());
  }

  private EventContext begun(Block.Subagent block) {
    if (discovered.contains(conversationOf(block))) {
      return EventContext.NONE;
    }
    heldBack.put(conversationOf(block), block);
    return HELD_BACK;
  }

  private EventContext changed(Block.Subagent block) {
    boolean held = heldBack.replace(conversationOf(block), block) != null;
    return held ? HELD_BACK : EventContext.NONE;
  }

  private EventContext changed(@Nullable SandboxState now) {
    SandboxState before = sandbox;
    boolean told =
        !sandboxKnown
            || now == null
            || (before != null
                && before.status() == now.status()
                && Objects.equals(before.message(), now.message()));
    sandbox = now;
    sandboxKnown = true;
    return told ? EventContext.NONE : new EventContext(false, false, null, now, null, null);
  }

  private static ConversationId conversationOf(Block.Subagent block) {
    return new ConversationId(block.toolUseId());
  }
}
