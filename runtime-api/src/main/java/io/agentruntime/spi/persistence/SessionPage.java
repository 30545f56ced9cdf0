// SPDX-License-Identifier: MIT

package io.agentruntime.spi.persistence;

import io.agentruntime.model.session.SessionRecord;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A page of sessions.
 *
 * @param sessions in order
 * @param nextCursor for the next page, null on the last one
 */
public record SessionPage(List<SessionRecord> sessions, @Nullable String nextCursor) {
  /** Copies the list. */
  public SessionPage {
    sessions = List.copyOf(sessions);
  }
}
