// SPDX-License-Identifier: MIT

package io.agentruntime.model.turn;

import io.agentruntime.model.Ids;

/**
 * The id of a turn, unique in its session.
 *
 * @param value the text
 */
public record TurnId(String value) {
  /** Checks the shape. */
  public TurnId {
    Ids.require("turnId", value);
  }

  @Override
  public String toString() {
    return value;
  }
}
