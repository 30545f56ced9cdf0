// SPDX-License-Identifier: MIT

package io.agentruntime.app.gateway;

/** From where on a client that joins a session is told what happens. */
sealed interface JoinPoint {
  /** From now on, with what is growing now. */
  record Now() implements JoinPoint {}

  /**
   * It loaded the session as it was then: it lacks what became final since, and knows nothing of
   * what was growing then.
   *
   * @param seq the last event in what it loaded
   */
  record SinceView(long seq) implements JoinPoint {}

  /**
   * It has every event up to a place and wants every event after it.
   *
   * @param seq the last event it has
   */
  record After(long seq) implements JoinPoint {}
}
