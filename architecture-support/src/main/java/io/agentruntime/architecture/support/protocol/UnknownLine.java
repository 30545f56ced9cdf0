// SPDX-License-Identifier: MIT

package io.agentruntime.architecture.support.protocol;

import io.agentruntime.model.event.SessionEvent.Unknown;
import java.util.Map;

/** A line that means nothing to the architecture, kept for whoever looks into it. */
public final class UnknownLine {
  private static final int MAX_LENGTH = 8 << 10;

  private UnknownLine() {}

  /** The line as an event; a long one is cut, and its length is told. */
  public static Unknown event(String type, String line) {
    Map<String, Object> raw =
        line.length() <= MAX_LENGTH
            ? Map.of("line", line)
            : Map.of("line", line.substring(0, MAX_LENGTH), "length", line.length());
    return new Unknown(type, raw);
  }
}
