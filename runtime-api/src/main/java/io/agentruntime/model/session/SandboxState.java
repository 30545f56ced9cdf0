// SPDX-License-Identifier: MIT

package io.agentruntime.model.session;

import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a session's sandbox.
 *
 * @param id the sandbox's id, null until the provider named it
 * @param provider the sandbox provider's id
 * @param status where it is in its life
 * @param message a short text for people, if any
 * @param restarts how often a sandbox was replaced in this session since it was loaded
 * @param lastHealthCheck when it last answered, if it was asked
 * @param lastError the last failure's text, if any
 */
public record SandboxState(
    @Nullable String id,
    String provider,
    SandboxStatus status,
    @Nullable String message,
    int restarts,
    @Nullable Instant lastHealthCheck,
    @Nullable String lastError) {
  /** Checks required components. */
  public SandboxState {
    Objects.requireNonNull(provider, "provider");
    Objects.requireNonNull(status, "status");
  }

  /** The same sandbox with another status and message. */
  public SandboxState with(SandboxStatus newStatus, @Nullable String newMessage) {
    return new SandboxState(
        id, provider, newStatus, newMessage, restarts, lastHealthCheck, lastError);
  }
}
