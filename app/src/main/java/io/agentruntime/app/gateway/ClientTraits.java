// SPDX-License-Identifier: MIT

package io.agentruntime.app.gateway;

import org.jspecify.annotations.Nullable;

/**
 * What can be known of a client that says no name.
 *
 * @param address where it comes from
 * @param userAgent what it calls itself, if anything
 * @param origin the page it runs in, if any
 */
record ClientTraits(String address, @Nullable String userAgent, @Nullable String origin) {
  /** Whether both may be the same client: nothing that both say differs. */
  boolean mayBe(ClientTraits other) {
    return address.equals(other.address)
        && agree(userAgent, other.userAgent)
        && agree(origin, other.origin);
  }

  private static boolean agree(@Nullable String one, @Nullable String other) {
    return one == null || other == null || one.equals(other);
  }
}
