// SPDX-License-Identifier: MIT

package io.agentruntime.spi.persistence;

import io.agentruntime.model.session.SessionRecord;
import io.agentruntime.model.transcript.StoredTranscript;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the nine basic operations keep of a session.
 *
 * @param record its record
 * @param transcript its transcript, null when none was saved
 * @param files its workspace files with content
 */
public record StoredSession(
    SessionRecord record, @Nullable StoredTranscript transcript, List<StoredFile> files) {
  /** Copies the list. */
  public StoredSession {
    files = List.copyOf(files);
  }
}
