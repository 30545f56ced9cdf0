// SPDX-License-Identifier: MIT

package io.agentruntime.app.rest.view;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A whole session: what the clients of every dialect look for, each under the name it knows.
 *
 * @param sessionId its id
 * @param type the architecture as its creator spelled it
 * @param agentProfileReference its profile
 * @param name its display name, if it has one
 * @param status {@code active} or {@code inactive}
 * @param createdAt milliseconds
 * @param lastActivity milliseconds
 * @param sessionOptions its options
 * @param metadata its creator's own values
 * @param runtime its runtime state
 * @param lastSeq the last event that this reply contains; joining after it misses nothing
 * @param blocks the final blocks of the main conversation in the order in which they became final,
 *     which is what a client has that appends each completed block
 * @param subagents the same of each subagent
 * @param conversationState all blocks in the order in which they began, growing ones included
 * @param totals tokens, cost and model, as far as they are known
 * @param workspaceFiles the workspace
 * @param permissions open permission requests
 * @param queue waiting messages
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record SessionReply(
    String sessionId,
    String type,
    String agentProfileReference,
    @Nullable String name,
    String status,
    long createdAt,
    long lastActivity,
    Map<String, Object> sessionOptions,
    Map<String, Object> metadata,
    RuntimeReply runtime,
    long lastSeq,
    List<Map<String, Object>> blocks,
    List<FlatSubagent> subagents,
    ConversationState conversationState,
    MetadataReply totals,
    List<FileReply> workspaceFiles,
    List<PermissionReply> permissions,
    List<QueuedReply> queue) {

  /**
   * A subagent as flat clients know it.
   *
   * @param id its conversation, as in events
   * @param agentId its native id, once known
   * @param name its kind, if known
   * @param status {@code running}, {@code completed} or {@code failed}
   * @param blocks its final blocks
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record FlatSubagent(
      String id,
      @Nullable String agentId,
      @Nullable String name,
      String status,
      List<Map<String, Object>> blocks) {}

  /**
   * The conversation as unified clients know it.
   *
   * @param blocks blocks of the main conversation
   * @param subagents subagents
   */
  public record ConversationState(
      List<Map<String, Object>> blocks, List<UnifiedSubagent> subagents) {}

  /**
   * A subagent as unified clients know it.
   *
   * @param toolUseId the tool use that started it
   * @param agentId its native id, once known
   * @param status {@code pending}, {@code running}, {@code success} or {@code error}
   * @param prompt what it was told
   * @param output its answer
   * @param durationMs how long it took
   * @param blocks its blocks
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record UnifiedSubagent(
      String toolUseId,
      @Nullable String agentId,
      String status,
      @Nullable String prompt,
      @Nullable String output,
      @Nullable Long durationMs,
      List<Map<String, Object>> blocks) {}
}
