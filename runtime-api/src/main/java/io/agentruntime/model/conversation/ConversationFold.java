// SPDX-License-Identifier: MIT

package io.agentruntime.model.conversation;

import io.agentruntime.model.block.Block;
import io.agentruntime.model.block.BlockHeader;
import io.agentruntime.model.block.BlockId;
import io.agentruntime.model.block.BlockStatus;
import io.agentruntime.model.block.ToolStatus;
import io.agentruntime.model.event.DeltaField;
import io.agentruntime.model.event.SessionEvent;
import io.agentruntime.model.event.SessionEvent.BlockCompleted;
import io.agentruntime.model.event.SessionEvent.BlockDelta;
import io.agentruntime.model.event.SessionEvent.BlockStarted;
import io.agentruntime.model.event.SessionEvent.BlockUpdated;
import io.agentruntime.model.event.SessionEvent.MetadataUpdated;
import io.agentruntime.model.event.SessionEvent.SubagentCompleted;
import io.agentruntime.model.event.SessionEvent.SubagentDiscovered;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The block reducer: folds events, in order, into a {@link Conversation}.
 *
 * <p>Confined to one thread. The result depends on the events alone. Each event costs constant
 * time, a delta no more than its own length, so that folding is linear in the size of the log.
 */
public final class ConversationFold {
  private final Map<ConversationId, Lane> lanes = new LinkedHashMap<>();
  private ConversationMetadata metadata = ConversationMetadata.EMPTY;

  /** An empty conversation to fold into. */
  public ConversationFold() {
    lanes.put(ConversationId.MAIN, new Lane());
  }

  /** Continues from a conversation that was folded or decoded before. */
  public static ConversationFold from(Conversation conversation) {
    ConversationFold fold = new ConversationFold();
    conversation.blocks().forEach(block -> fold.lane(ConversationId.MAIN).restore(block));
    for (SubagentConversation subagent : conversation.subagents()) {
      Lane lane = fold.lane(subagent.id());
      lane.subagent = subagent;
      subagent.blocks().forEach(lane::restore);
    }
    fold.metadata = conversation.metadata();
    return fold;
  }

  /**
   * Applies one event; events that are not about blocks, subagents or metadata change nothing.
   *
   * @param conversationId whose conversation
   * @param event the event
   */
  public void apply(ConversationId conversationId, SessionEvent event) {
    switch (event) {
      case BlockStarted started -> lane(conversationId).put(started.block());
      case BlockUpdated updated -> lane(conversationId).put(updated.block());
      case BlockCompleted completed -> {
        lane(conversationId).put(completed.block());
        lane(conversationId).settled.add(completed.block().id());
      }
      case BlockDelta delta -> append(conversationId, delta);
      case MetadataUpdated updated -> {
        if (conversationId.isMain()) {
          metadata = metadata.merge(updated.metadata());
        }
      }
      case SubagentDiscovered discovered -> discovered(discovered);
      case SubagentCompleted completed -> completed(completed);
      default -> {
        // The other events are about the session, not about its conversation.
      }
    }
  }

  /** A block as it is now, with all its deltas. */
  public Optional<Block> block(ConversationId conversationId, BlockId id) {
    Lane lane = lanes.get(conversationId);
    Slot slot = lane == null ? null : lane.slots.get(id);
    return slot == null ? Optional.empty() : Optional.of(slot.current());
  }

  /** What the main conversation has used and cost. */
  public ConversationMetadata metadata() {
    return metadata;
  }

  /** The blocks that still grow, with the conversation each stands in. */
  public Map<ConversationId, List<Block>> openBlocks() {
    Map<ConversationId, List<Block>> open = new LinkedHashMap<>();
    lanes.forEach(
        (id, lane) -> {
          List<Block> blocks =
              lane.slots.values().stream()
                  .filter(slot -> slot.block.status() == BlockStatus.PENDING)
                  .map(Slot::current)
                  .toList();
          if (!blocks.isEmpty()) {
            open.put(id, blocks);
          }
        });
    return open;
  }

  /**
   * The final blocks of each conversation in the order in which they became final, which is what
   * somebody has who only ever saw completed blocks. It may differ from the order in which they
   * began, for instance when tools run side by side.
   */
  public Map<ConversationId, List<BlockId>> settled() {
    Map<ConversationId, List<BlockId>> settled = new LinkedHashMap<>();
    lanes.forEach((id, lane) -> settled.put(id, List.copyOf(lane.settled)));
    return settled;
  }

  /** The same state in a fold of its own. */
  public ConversationFold copy() {
    ConversationFold copy = from(snapshot());
    lanes.forEach(
        (id, lane) -> {
          Lane mine = copy.lane(id);
          mine.settled.clear();
          mine.settled.addAll(lane.settled);
        });
    return copy;
  }

  /** An immutable picture of the present state. */
  public Conversation snapshot() {
    List<SubagentConversation> subagents = new ArrayList<>();
    lanes.forEach(
        (id, lane) -> {
          if (!id.isMain()) {
            subagents.add(lane.asSubagent(id));
          }
        });
    return new Conversation(lane(ConversationId.MAIN).blocks(), subagents, metadata);
  }

  private Lane lane(ConversationId id) {
    return lanes.computeIfAbsent(id, ignored -> new Lane());
  }

  /** A delta of a block that nobody has seen, or that is final, has nothing to add to. */
  private void append(ConversationId conversationId, BlockDelta delta) {
    Lane lane = lanes.get(conversationId);
    Slot slot = lane == null ? null : lane.slots.get(delta.blockId());
    if (slot != null
        && slot.block.status() == BlockStatus.PENDING
        && delta.field() == DeltaField.TEXT) {
      slot.append(delta.text());
    }
  }

  /** What was known before stays known when a subagent is discovered again. */
  private void discovered(SubagentDiscovered event) {
    Lane lane = lane(event.id());
    SubagentConversation known = lane.subagent(event.id());
    lane.subagent =
        new SubagentConversation(
            event.id(),
            event.agentId() == null ? known.agentId() : event.agentId(),
            event.name() == null ? known.name() : event.name(),
            event.prompt() == null ? known.prompt() : event.prompt(),
            known.status(),
            known.output(),
            known.durationMillis(),
            List.of());
  }

  private void completed(SubagentCompleted event) {
    Lane lane = lane(event.id());
    SubagentConversation known = lane.subagent(event.id());
    lane.subagent =
        new SubagentConversation(
            event.id(),
            event.agentId() == null ? known.agentId() : event.agentId(),
            known.name(),
            known.prompt(),
            event.failed() ? ToolStatus.ERROR : ToolStatus.SUCCESS,
            event.output(),
            event.durationMillis(),
            List.of());
  }

  /** One conversation's blocks. */
  private static final class Lane {
    final Map<BlockId, Slot> slots = new LinkedHashMap<>();
    final Set<BlockId> settled = new LinkedHashSet<>();
    @Nullable SubagentConversation subagent;

    void put(Block block) {
      Slot slot = slots.get(block.id());
      if (slot == null) {
        slots.put(block.id(), new Slot(block));
      } else {
        slot.replace(block);
      }
    }

    void restore(Block block) {
      put(block);
      if (block.status() != BlockStatus.PENDING) {
        settled.add(block.id());
      }
    }

    List<Block> blocks() {
      return slots.values().stream().map(Slot::current).toList();
    }

    /** What is known of the subagent, without its blocks. */
    SubagentConversation subagent(ConversationId id) {
      SubagentConversation known = subagent;
      return known == null
          ? new SubagentConversation(
              id, null, null, null, ToolStatus.RUNNING, null, null, List.of())
          : known;
    }

    SubagentConversation asSubagent(ConversationId id) {
      SubagentConversation known = subagent(id);
      return new SubagentConversation(
          id,
          known.agentId(),
          known.name(),
          known.prompt(),
          known.status(),
          known.output(),
          known.durationMillis(),
          blocks());
    }
  }

  /** One block and the text that its deltas added since it was last given whole. */
  private static final class Slot {
    private Block block;
    private @Nullable StringBuilder text;

    Slot(Block block) {
      this.block = block;
    }

    void replace(Block newer) {
      BlockHeader header = newer.header();
      block =
          header.at() == null && block.header().at() != null
              ? newer.withHeader(new BlockHeader(header.id(), header.status(), block.header().at()))
              : newer;
      text = null;
    }

    void append(String delta) {
      StringBuilder builder = text;
      if (builder == null) {
        builder = new StringBuilder(textOf(block));
        text = builder;
      }
      builder.append(delta);
    }

    Block current() {
      StringBuilder builder = text;
      if (builder == null) {
        return block;
      }
      String whole = builder.toString();
      return switch (block) {
        case Block.AssistantText b -> new Block.AssistantText(b.header(), whole, b.model());
        case Block.Thinking b -> new Block.Thinking(b.header(), whole, b.summary());
        case Block.ToolResult b ->
            new Block.ToolResult(
                b.header(), b.toolUseId(), whole, b.failed(), b.durationMillis(), b.details());
        default -> block;
      };
    }

    private static String textOf(Block block) {
      return switch (block) {
        case Block.AssistantText b -> b.text();
        case Block.Thinking b -> b.text();
        case Block.ToolResult b -> b.output();
        default -> "";
      };
    }
  }
}
