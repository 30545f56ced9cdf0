// SPDX-License-Identifier: MIT

package io.agentruntime.spi.persistence;

import io.agentruntime.error.AgentRuntimeException;
import org.jspecify.annotations.Nullable;

/**
 * Which sessions to list, newest activity first.
 *
 * @param architecture only sessions of this architecture as spelled at creation, null for all
 * @param profileId only sessions of this profile, null for all
 * @param nameContains only sessions whose name contains this, ignoring case, null for all
 * @param limit how many at most, 1 to 1000
 * @param cursor where the page before ended, null for the first page
 */
public record SessionQuery(
    @Nullable String architecture,
    @Nullable String profileId,
    @Nullable String nameContains,
    int limit,
    @Nullable String cursor) {
  /** Checks the limit. */
  public SessionQuery {
    if (limit < 1 || limit > 1000) {
      throw AgentRuntimeException.invalid("limit", "1 to 1000");
    }
  }

  /** The first page of all sessions. */
  public static SessionQuery first(int limit) {
    return new SessionQuery(null, null, null, limit, null);
  }
}
