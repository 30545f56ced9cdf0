// SPDX-License-Identifier: MIT

package io.agentruntime.app.security;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Origins that browser clients may come from. Immutable. */
public final class Origins {
  private final boolean all;
  private final Set<String> allowed;

  /** These origins; {@code *} is all. */
  public Origins(List<String> origins) {
    this.all = origins.contains("*");
    this.allowed = Set.copyOf(origins);
  }

  /** Whether a page of that origin may talk to us; null is a client that is no browser. */
  public boolean allows(@Nullable String origin) {
    return origin == null || all || allowed.contains(origin);
  }

  /** Whether all origins are allowed. */
  public boolean allowsAll() {
    return all;
  }
}
