// SPDX-License-Identifier: MIT

package io.agentruntime.app.gateway.engine;

/** An open poll. Thread-safe. */
interface PollExchange {
  /** Answers it. Does not block; either this or {@link #refuse} is called, once. */
  void answer(byte[] payload);

  /** Answers that it should not have come. */
  void refuse(EngineError error);
}
