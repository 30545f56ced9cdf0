// SPDX-License-Identifier: MIT

package io.agentruntime.model.turn;

/**
 * Tokens used.
 *
 * @param inputTokens tokens read, without cache hits
 * @param outputTokens tokens written
 * @param cacheReadTokens tokens read from the model's cache
 * @param cacheWriteTokens tokens written to the model's cache
 */
public record Usage(
    long inputTokens, long outputTokens, long cacheReadTokens, long cacheWriteTokens) {
  /** Nothing used. */
  public static final Usage NONE = new Usage(0, 0, 0, 0);

  /** The sum of both. */
  public Usage plus(Usage other) {
    return new Usage(
        inputTokens + other.inputTokens,
        outputTokens + other.outputTokens,
        cacheReadTokens + other.cacheReadTokens,
        cacheWriteTokens + other.cacheWriteTokens);
  }
}
