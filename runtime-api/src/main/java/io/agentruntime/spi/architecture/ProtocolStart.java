// SPDX-License-Identifier: MIT

package io.agentruntime.spi.architecture;

import io.agentruntime.model.JsonValues;
import io.agentruntime.model.conversation.ConversationMetadata;
import io.agentruntime.model.profile.AgentProfile;
import io.agentruntime.model.session.SessionId;
import io.agentruntime.spi.sandbox.SandboxPaths;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a protocol begins with.
 *
 * @param sessionId the session
 * @param nativeId the agent's own session id where it minted one, else null
 * @param profile the profile, for its permission policy
 * @param options the session's options, JSON-like
 * @param resume whether the process was started to continue a conversation
 * @param incarnation number of this process in the session, from 1: part of block ids that the
 *     native stream does not make unique
 * @param snapshot what {@link AgentProtocol#snapshot()} gave at the end of the range before; empty
 *     for a new process
 * @param metadata what the session has used and cost before this process, which the protocol's
 *     totals continue; used when there is no snapshot
 * @param paths where things are in the sandbox; null where nobody said
 */
public record ProtocolStart(
    SessionId sessionId,
    @Nullable String nativeId,
    AgentProfile profile,
    Map<String, Object> options,
    boolean resume,
    int incarnation,
    Map<String, Object> snapshot,
    ConversationMetadata metadata,
    @Nullable SandboxPaths paths) {
  /** Copies the maps. */
  public ProtocolStart {
    options = JsonValues.copy(options);
    snapshot = JsonValues.copy(snapshot);
  }

  /** The start of a protocol before which nothing was used. */
  public ProtocolStart(
      SessionId sessionId,
      @Nullable String nativeId,
      AgentProfile profile,
      Map<String, Object> options,
      boolean resume,
      int incarnation,
      Map<String, Object> snapshot) {
    this(
        sessionId,
        nativeId,
        profile,
        options,
        resume,
        incarnation,
        snapshot,
        ConversationMetadata.EMPTY);
  }

  /** The start of a protocol that need not know where things are. */
  public ProtocolStart(
      SessionId sessionId,
      @Nullable String nativeId,
      AgentProfile profile,
      Map<String, Object> options,
      boolean resume,
      int incarnation,
      Map<String, Object> snapshot,
      ConversationMetadata metadata) {
    this(sessionId, nativeId, profile, options, resume, incarnation, snapshot, metadata, null);
  }
}
