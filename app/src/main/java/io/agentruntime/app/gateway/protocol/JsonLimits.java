// SPDX-License-Identifier: MIT

package io.agentruntime.app.gateway.protocol;

/**
 * What the JSON of a client may cost.
 *
 * @param maxDepth how deep arrays and objects may nest
 * @param maxTokens how many brackets, names and values one text may hold
 */
public record JsonLimits(int maxDepth, int maxTokens) {
  /** Validates. */
  public JsonLimits {
    if (maxDepth < 1 || maxTokens < 1) {
      throw new IllegalArgumentException("JSON limits must be positive");
    }
  }
}
