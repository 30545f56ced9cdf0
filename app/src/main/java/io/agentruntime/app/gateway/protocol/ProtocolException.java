// SPDX-License-Identifier: MIT

package io.agentruntime.app.gateway.protocol;

import java.io.Serial;

/**
 * What a peer sent is not the protocol. The only thing a codec of this package throws for input
 * from outside; the message never quotes that input.
 */
public final class ProtocolException extends Exception {
  @Serial private static final long serialVersionUID = 1L;

  /** Creates an exception that says which rule was broken. */
  public ProtocolException(String message) {
    // Peers can provoke these at will: a stack trace would only cost time and tell nothing.
    super(message, null, false, false);
  }
}
