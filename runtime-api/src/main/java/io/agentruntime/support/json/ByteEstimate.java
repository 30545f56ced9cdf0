// SPDX-License-Identifier: MIT

package io.agentruntime.support.json;

import io.agentruntime.model.event.EventEnvelope;
import io.agentruntime.model.event.SessionEvent;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Roughly how much heap a value takes, in bytes; meant for limits alone. Stateless. */
public final class ByteEstimate {
  /** Headers and references of one small object and of the map entry that holds it. */
  private static final long OBJECT = 64;

  private static final long ENVELOPE = 4 * OBJECT;

  private ByteEstimate() {}

  /** The size of an event. */
  public static long of(EventEnvelope envelope) {
    return ENVELOPE
        + switch (envelope.event()) {
          // Nearly all events are deltas: no detour for them.
          case SessionEvent.BlockDelta delta -> of(delta.text());
          case SessionEvent other -> of(EventMaps.write(other));
        };
  }

  /** The size of a text. */
  public static long of(String text) {
    return OBJECT + 2L * text.length();
  }

  /** The size of a JSON-like value. */
  public static long of(@Nullable Object json) {
    return switch (json) {
      case null -> 0;
      case String text -> of(text);
      case Map<?, ?> map -> {
        long bytes = OBJECT;
        for (Map.Entry<?, ?> entry : map.entrySet()) {
          bytes += of(entry.getKey()) + of(entry.getValue());
        }
        yield bytes;
      }
      case List<?> list -> {
        long bytes = OBJECT;
        for (Object value : list) {
          bytes += of(value);
        }
        yield bytes;
      }
      default -> OBJECT;
    };
  }
}
