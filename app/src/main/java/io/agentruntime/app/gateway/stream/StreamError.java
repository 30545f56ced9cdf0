// SPDX-License-Identifier: MIT

package io.agentruntime.app.gateway.stream;

import io.agentruntime.error.ErrorCode;
import io.agentruntime.error.ErrorKind;

/** Reasons that only streams have for not beginning or for ending. */
public enum StreamError implements ErrorCode {
  /** As many streams are open as there may be, of this session or in all. */
  TOO_MANY_STREAMS,
  /** The client took nothing for too long; it may come back with its cursor. */
  SLOW_CONSUMER,
  /** The client did not answer pings. */
  NO_ANSWER,
  /** The client sent something, where there is nothing to send. */
  UNEXPECTED_MESSAGE;

  @Override
  public ErrorKind kind() {
    return this == UNEXPECTED_MESSAGE ? ErrorKind.USER : ErrorKind.RESOURCE;
  }

  @Override
  public boolean retryable() {
    return this != UNEXPECTED_MESSAGE;
  }
}
