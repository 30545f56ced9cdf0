// SPDX-License-Identifier: MIT

package io.agentruntime.scriptedmodel.http;

import java.io.IOException;

/** The client closed its connection, or the server did so while stopping. */
public final class ClientGoneException extends IOException {

  private static final long serialVersionUID = 1L;

  ClientGoneException(String message) {
    super(message);
  }
}
