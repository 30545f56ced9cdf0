// SPDX-License-Identifier: MIT

package io.agentruntime.core;

import io.agentruntime.model.JsonValues;
import io.agentruntime.model.profile.ProfileFile;
import io.agentruntime.model.session.SessionId;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The wish for a new session.
 *
 * @param architecture an architecture's id or synonym, kept as spelled here; null for the
 *     profile's, or else the runtime's default
 * @param profileId the agent profile
 * @param options session options, JSON-like
 * @param name a display name, if any
 * @param metadata the creator's own JSON-like values
 * @param sandboxProvider a sandbox provider's id; null for the profile's, or else the runtime's
 *     default
 * @param workspaceFiles files put into the workspace after the profile's own; later ones win
 * @param idempotencyKey the same key gives the same session, null for none
 * @param id the session's id, null to let the architecture choose one
 */
public record CreateSession(
    @Nullable String architecture,
    String profileId,
    Map<String, Object> options,
    @Nullable String name,
    Map<String, Object> metadata,
    @Nullable String sandboxProvider,
    List<ProfileFile> workspaceFiles,
    @Nullable String idempotencyKey,
    @Nullable SessionId id) {
  /** Checks and copies. */
  public CreateSession {
    Objects.requireNonNull(profileId, "profileId");
    options = JsonValues.copy(options);
    metadata = JsonValues.copy(metadata);
    workspaceFiles = List.copyOf(workspaceFiles);
  }

  /** A session with nothing but an architecture and a profile. */
  public static CreateSession of(String architecture, String profileId) {
    return new CreateSession(
        architecture, profileId, Map.of(), null, Map.of(), null, List.of(), null, null);
  }
}
