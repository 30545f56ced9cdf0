// SPDX-License-Identifier: MIT

package io.agentruntime.model.event;

import io.agentruntime.model.JsonValues;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The answer to a {@link PermissionRequest}.
 *
 * @param requestId which request
 * @param allowed whether the tool may run
 * @param updatedInput arguments to use instead of the agent's, null to leave them
 * @param message what to tell the agent when refused, null for a standard text
 * @param decidedBy who decided: {@code client}, {@code policy}, {@code timeout} or {@code turn-end}
 */
public record PermissionAnswer(
    String requestId,
    boolean allowed,
    @Nullable Map<String, Object> updatedInput,
    @Nullable String message,
    String decidedBy) {
  /** Copies the arguments. */
  public PermissionAnswer {
    Objects.requireNonNull(requestId, "requestId");
    Objects.requireNonNull(decidedBy, "decidedBy");
    updatedInput = updatedInput == null ? null : JsonValues.copy(updatedInput);
  }
}
