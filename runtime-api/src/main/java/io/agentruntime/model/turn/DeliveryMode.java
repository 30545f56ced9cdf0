// SPDX-License-Identifier: MIT

package io.agentruntime.model.turn;

/** What happens to a message that arrives during a turn. */
public enum DeliveryMode {
  /** It waits and becomes the next turn. */
  QUEUE,
  /** The running turn is interrupted; the message goes to the head of the queue. */
  INTERRUPT,
  /** It is given to the running turn; needs the architecture's capability. */
  STEER,
  /** It is refused. */
  REJECT
}
