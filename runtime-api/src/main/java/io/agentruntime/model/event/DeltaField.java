// SPDX-License-Identifier: MIT

package io.agentruntime.model.event;

/** Which growing text of a block a delta belongs to. */
public enum DeltaField {
  /** The block's own text or output. */
  TEXT,
  /** The JSON text of a tool's arguments; the arguments themselves come with the next update. */
  INPUT
}
