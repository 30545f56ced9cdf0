// SPDX-License-Identifier: MIT

package io.agentruntime.model.block;

import io.agentruntime.model.Ids;

/**
 * The id of a block: derived from native ids and positions, the same in the stream, in the log and
 * after a reload.
 *
 * @param value the text
 */
public record BlockId(String value) {
  /** Checks the shape. */
  public BlockId {
    Ids.require("blockId", value);
  }

  @Override
  public String toString() {
    return value;
  }
}
