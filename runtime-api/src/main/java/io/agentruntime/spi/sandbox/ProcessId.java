// SPDX-License-Identifier: MIT

package io.agentruntime.spi.sandbox;

import io.agentruntime.model.Ids;

/**
 * The caller-chosen id of a process, unique in its sandbox.
 *
 * @param value the text, safe as a file name
 */
public record ProcessId(String value) {
  /** Checks the shape. */
  public ProcessId {
    Ids.require("processId", value);
  }

  @Override
  public String toString() {
    return value;
  }
}
