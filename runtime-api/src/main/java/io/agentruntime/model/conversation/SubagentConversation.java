// SPDX-License-Identifier: MIT

package io.agentruntime.model.conversation;

import io.agentruntime.model.block.Block;
import io.agentruntime.model.block.ToolStatus;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A subagent's own conversation.
 *
 * @param id the tool use that started it
 * @param agentId the native id, once known
 * @param name the kind of subagent, if known
 * @param prompt what it was told, if known
 * @param status how far it has come
 * @param output its answer, once it has ended
 * @param durationMillis how long it took, once it has ended
 * @param blocks its blocks in order
 */
public record SubagentConversation(
    ConversationId id,
    @Nullable String agentId,
    @Nullable String name,
    @Nullable String prompt,
    ToolStatus status,
    @Nullable String output,
    @Nullable Long durationMillis,
    List<Block> blocks) {
  /** Copies the list. */
  public SubagentConversation {
    blocks = List.copyOf(blocks);
  }
}
