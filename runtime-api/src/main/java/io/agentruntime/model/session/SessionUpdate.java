// SPDX-License-Identifier: MIT

package io.agentruntime.model.session;

import io.agentruntime.model.JsonValues;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A partial update of a session record; null components are left as they are.
 *
 * @param options replaces all options
 * @param lastActivity the time of the last activity
 * @param name the display name
 * @param metadata replaces all metadata
 */
public record SessionUpdate(
    @Nullable Map<String, Object> options,
    @Nullable Instant lastActivity,
    @Nullable String name,
    @Nullable Map<String, Object> metadata) {
  /** Copies the maps. */
  public SessionUpdate {
    options = options == null ? null : JsonValues.copy(options);
    metadata = metadata == null ? null : JsonValues.copy(metadata);
  }

  /** An update of the last activity alone. */
  public static SessionUpdate activity(Instant at) {
    return new SessionUpdate(null, at, null, null);
  }

  /** An update of the options alone. */
  public static SessionUpdate options(Map<String, Object> options) {
    return new SessionUpdate(options, null, null, null);
  }
}
