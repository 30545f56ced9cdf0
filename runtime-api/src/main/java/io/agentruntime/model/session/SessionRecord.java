// SPDX-License-Identifier: MIT

package io.agentruntime.model.session;

import io.agentruntime.model.JsonValues;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What the store keeps about a session beside its events, transcript and workspace.
 *
 * @param id the session
 * @param architecture the architecture as its creator spelled it (an id or a synonym)
 * @param profileId the agent profile's id
 * @param options session options such as {@code model}, JSON-like values
 * @param createdAt when it was created
 * @param lastActivity when something last happened, null before the first message
 * @param name a display name, if one was given
 * @param metadata the creator's own JSON-like values
 * @param sandboxProvider the id of the sandbox provider asked for, null for the server's default
 */
public record SessionRecord(
    SessionId id,
    String architecture,
    String profileId,
    Map<String, Object> options,
    Instant createdAt,
    @Nullable Instant lastActivity,
    @Nullable String name,
    Map<String, Object> metadata,
    @Nullable String sandboxProvider) {
  /** Copies the maps. */
  public SessionRecord {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(architecture, "architecture");
    Objects.requireNonNull(profileId, "profileId");
    Objects.requireNonNull(createdAt, "createdAt");
    options = JsonValues.copy(options);
    metadata = JsonValues.copy(metadata);
  }

  /** This record with a partial update applied. */
  public SessionRecord with(SessionUpdate update) {
    return new SessionRecord(
        id,
        architecture,
        profileId,
        update.options() == null ? options : update.options(),
        createdAt,
        update.lastActivity() == null ? lastActivity : update.lastActivity(),
        update.name() == null ? name : update.name(),
        update.metadata() == null ? metadata : update.metadata(),
        sandboxProvider);
  }
}
