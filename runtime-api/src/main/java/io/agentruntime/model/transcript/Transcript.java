// SPDX-License-Identifier: MIT

package io.agentruntime.model.transcript;

import java.util.List;

/**
 * All files of one session's transcript.
 *
 * @param entries the files, the main one first
 */
public record Transcript(List<TranscriptEntry> entries) {
  /** A session that has never run. */
  public static final Transcript EMPTY = new Transcript(List.of());

  /** Copies the list. */
  public Transcript {
    entries = List.copyOf(entries);
  }

  /** Whether there is nothing to restore. */
  public boolean isEmpty() {
    return entries.stream().allMatch(entry -> entry.content().isEmpty());
  }
}
