// SPDX-License-Identifier: MIT

package io.agentruntime.app.rest.view;

import io.agentruntime.app.rest.view.SessionReply.ConversationState;
import io.agentruntime.app.rest.view.SessionReply.FlatSubagent;
import io.agentruntime.app.rest.view.SessionReply.UnifiedSubagent;
import io.agentruntime.core.session.Session;
import io.agentruntime.core.session.SessionView;
import io.agentruntime.model.block.Block;
import io.agentruntime.model.block.BlockId;
import io.agentruntime.model.block.BlockStatus;
import io.agentruntime.model.conversation.ConversationId;
import io.agentruntime.model.conversation.SubagentConversation;
import io.agentruntime.model.session.SessionRecord;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/** Makes whole sessions visible. Immutable and thread-safe. */
public final class SessionReplies {
  private final FileTexts texts;

  /** Shows workspace files with these texts. */
  public SessionReplies(FileTexts texts) {
    this.texts = texts;
  }

  /** A session as it is in this view. */
  public SessionReply of(Session session, SessionView view) throws InterruptedException {
    SessionRecord known = view.record();
    return new SessionReply(
        known.id().value(),
        known.architecture(),
        known.profileId(),
        known.name(),
        RuntimeReply.statusWord(view.runtime()),
        known.createdAt().toEpochMilli(),
        SessionItem.lastActivity(known),
        known.options(),
        known.metadata(),
        RuntimeReply.of(view.runtime()),
        view.lastSeq(),
        settled(view, ConversationId.MAIN, view.conversation().blocks()),
        view.conversation().subagents().stream().map(s -> flat(view, s)).toList(),
        new ConversationState(
            unified(view, view.conversation().blocks()),
            view.conversation().subagents().stream().map(s -> unified(view, s)).toList()),
        MetadataReply.of(view.conversation().metadata()),
        texts.show(session, view.files()),
        view.permissions().stream().map(PermissionReply::of).toList(),
        view.queue().stream().map(QueuedReply::of).toList());
  }

  private static FlatSubagent flat(SessionView view, SubagentConversation subagent) {
    String status =
        switch (subagent.status()) {
          case PENDING, RUNNING -> "running";
          case SUCCESS -> "completed";
          case ERROR -> "failed";
        };
    return new FlatSubagent(
        subagent.id().value(),
        subagent.agentId(),
        subagent.name(),
        status,
        settled(view, subagent.id(), subagent.blocks()));
  }

  private static UnifiedSubagent unified(SessionView view, SubagentConversation subagent) {
    return new UnifiedSubagent(
        subagent.id().value(),
        subagent.agentId(),
        subagent.status().name().toLowerCase(Locale.ROOT),
        subagent.prompt(),
        subagent.output(),
        subagent.durationMillis(),
        unified(view, subagent.blocks()));
  }

  /**
   * The blocks that unified clients may have: not a user's message that is just being taken in, nor
   * the block of a subagent that they have not heard of. They add both when they are told of them,
   * without looking whether they have them.
   */
  private static List<Map<String, Object>> unified(SessionView view, List<Block> blocks) {
    return blocks.stream()
        .filter(block -> block.status() != BlockStatus.PENDING || isKnown(view, block))
        .map(WireBlocks::unified)
        .toList();
  }

  private static boolean isKnown(SessionView view, Block growing) {
    return switch (growing) {
      case Block.UserMessage message -> false;
      case Block.Subagent subagent ->
          view.conversation().subagents().stream()
              .anyMatch(known -> known.id().value().equals(subagent.toolUseId()));
      default -> true;
    };
  }

  private static List<Map<String, Object>> settled(
      SessionView view, ConversationId conversation, List<Block> blocks) {
    Map<BlockId, Block> byId = new HashMap<>();
    blocks.forEach(block -> byId.put(block.id(), block));
    return view.settled().getOrDefault(conversation, List.of()).stream()
        .map(byId::get)
        .filter(Objects::nonNull)
        .map(WireBlocks::flat)
        .toList();
  }
}
