// SPDX-License-Identifier: MIT

package io.agentruntime.app.rest.view;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.agentruntime.model.event.EventEnvelope;
import io.agentruntime.model.event.SessionEvent;
import io.agentruntime.support.json.EventMaps;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An event of the log, under its canonical name.
 *
 * @param seq its number
 * @param type its name
 * @param at when, ISO 8601
 * @param conversationId whose conversation
 * @param turnId which turn, if any
 * @param event its fields
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record EventReply(
    long seq,
    String type,
    String at,
    String conversationId,
    @Nullable String turnId,
    Map<String, Object> event) {

  /** Shows an event; empty for what is the runtime's own business or raw output of an agent. */
  public static Optional<EventReply> of(EventEnvelope envelope) {
    SessionEvent event = envelope.event();
    boolean internal =
        switch (event) {
          case SessionEvent.InputApplied e -> true;
          case SessionEvent.NativeSessionBound e -> true;
          case SessionEvent.TranscriptSaved e -> true;
          case SessionEvent.Unknown e -> true;
          default -> false;
        };
    if (internal) {
      return Optional.empty();
    }
    Map<String, Object> fields = new LinkedHashMap<>(EventMaps.write(event));
    // Process ids, offsets and the protocol's own notes.
    fields.remove("range");
    fields.remove("end");
    return Optional.of(
        new EventReply(
            envelope.seq(),
            EventMaps.typeOf(event),
            envelope.at().toString(),
            envelope.conversationId().value(),
            envelope.turnId() == null ? null : envelope.turnId().value(),
            fields));
  }
}
