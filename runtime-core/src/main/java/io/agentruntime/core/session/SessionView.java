// SPDX-License-Identifier: MIT

package io.agentruntime.core.session;

import io.agentruntime.core.state.SessionFold;
import io.agentruntime.model.block.BlockId;
import io.agentruntime.model.conversation.Conversation;
import io.agentruntime.model.conversation.ConversationId;
import io.agentruntime.model.event.PermissionRequest;
import io.agentruntime.model.session.RuntimeState;
import io.agentruntime.model.session.SessionRecord;
import io.agentruntime.model.workspace.WorkspaceFile;
import java.util.List;
import java.util.Map;

/**
 * A session as it stands in the store: the fold of its log up to {@code lastSeq}. Immutable.
 *
 * @param record its record
 * @param runtime its runtime state
 * @param conversation blocks, subagents and metadata
 * @param settled the final blocks of each conversation in the order in which they became final
 * @param files the workspace's files in path order
 * @param permissions open permission requests, oldest first
 * @param queue waiting messages, the next one first
 * @param lastSeq the last number contained
 */
public record SessionView(
    SessionRecord record,
    RuntimeState runtime,
    Conversation conversation,
    Map<ConversationId, List<BlockId>> settled,
    List<WorkspaceFile> files,
    List<PermissionRequest> permissions,
    List<QueuedMessage> queue,
    long lastSeq) {
  /** Copies the collections. */
  public SessionView {
    settled = Map.copyOf(settled);
    files = List.copyOf(files);
    permissions = List.copyOf(permissions);
    queue = List.copyOf(queue);
  }

  /** What a fold says, as others see it. */
  static SessionView of(SessionFold fold) {
    return new SessionView(
        SessionCreator.visible(fold.record()),
        fold.runtime(),
        fold.conversation(),
        fold.settled(),
        fold.files(),
        fold.permissions(),
        fold.queue(),
        fold.lastSeq());
  }
}
