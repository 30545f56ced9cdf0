// SPDX-License-Identifier: MIT

package io.agentruntime.spi.architecture;

import java.util.List;
import java.util.Set;

/**
 * Variables of the server's environment that reach the agent, and nothing else does.
 *
 * @param anyOf at least one of these must be set; empty when the agent needs none
 * @param secret those of all variables whose values must never be shown
 * @param optional handed on when set, for instance a base URL
 */
public record Credentials(List<String> anyOf, Set<String> secret, List<String> optional) {
  /** Copies the collections. */
  public Credentials {
    anyOf = List.copyOf(anyOf);
    secret = Set.copyOf(secret);
    optional = List.copyOf(optional);
  }
}
