// SPDX-License-Identifier: MIT

package io.agentruntime.app.gateway;

import java.util.Locale;
import java.util.Optional;

/** The names and shapes that a socket's events have. */
public enum Dialect {
  /** One event name per kind of event: {@code session:block:start} and so on. */
  FLAT,
  /** One event name, {@code session:event}, with the kind inside. */
  UNIFIED;

  /** The name that clients use. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The dialect of that name, ignoring case. */
  public static Optional<Dialect> named(String name) {
    for (Dialect dialect : values()) {
      if (dialect.label().equalsIgnoreCase(name)) {
        return Optional.of(dialect);
      }
    }
    return Optional.empty();
  }
}
