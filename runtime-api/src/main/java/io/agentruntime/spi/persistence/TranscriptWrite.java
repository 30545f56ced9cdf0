// SPDX-License-Identifier: MIT

package io.agentruntime.spi.persistence;

import io.agentruntime.model.session.SessionId;
import org.jspecify.annotations.Nullable;

/**
 * A whole transcript text.
 *
 * @param id the session
 * @param epoch the owner's epoch
 * @param raw the text, verbatim
 * @param subagentId whose transcript, null for the session's own
 */
public record TranscriptWrite(
    SessionId id, LeaseEpoch epoch, String raw, @Nullable String subagentId) {
  @Override
  public String toString() {
    return "TranscriptWrite[" + id + ", " + raw.length() + " characters]";
  }
}
