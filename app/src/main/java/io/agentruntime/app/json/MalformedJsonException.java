// SPDX-License-Identifier: MIT

package io.agentruntime.app.json;

import java.io.Serial;

/** A text that should be JSON and is not; the message does not quote it. */
public final class MalformedJsonException extends Exception {
  @Serial private static final long serialVersionUID = 1L;

  MalformedJsonException(String message) {
    super(message);
  }
}
