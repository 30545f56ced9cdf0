// SPDX-License-Identifier: MIT

package io.agentruntime.model.transcript;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * A transcript in the form that the nine basic persistence operations keep: one text for the
 * session and one for each subagent that was saved on its own.
 *
 * @param raw the session's text: the native form, or a JSON object {@code {"main", "subagents"}}
 * @param subagents texts saved under a subagent's id
 */
public record StoredTranscript(String raw, Map<String, String> subagents) {
  /** Copies the map. */
  public StoredTranscript {
    Objects.requireNonNull(raw, "raw");
    subagents = Collections.unmodifiableMap(new LinkedHashMap<>(subagents));
  }

  @Override
  public String toString() {
    return "StoredTranscript["
        + raw.length()
        + " characters, subagents "
        + subagents.keySet()
        + "]";
  }
}
