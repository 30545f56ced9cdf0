// SPDX-License-Identifier: MIT

package io.agentruntime.bench.crash;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * An event of the flat dialect as a client got it.
 *
 * @param seq its number
 * @param name its name
 * @param payload what it says, its number included
 */
record Told(long seq, String name, JsonNode payload) {
  /** A text of the payload, empty when there is none. */
  String text(String pointer) {
    return payload.at(pointer).asText();
  }

  /** Whether nothing more is to be expected of its message: also when it was given to a turn. */
  boolean endsMessage() {
    return switch (name) {
      case "session:turn:completed",
          "session:turn:failed",
          "session:turn:interrupted",
          "session:turn:cancelled" ->
          true;
      default -> false;
    };
  }
}
