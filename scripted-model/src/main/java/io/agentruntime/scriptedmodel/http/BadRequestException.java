// SPDX-License-Identifier: MIT

package io.agentruntime.scriptedmodel.http;

import java.io.IOException;

/** A request that cannot be read; the connection ends after the status was sent. */
final class BadRequestException extends IOException {

  private static final long serialVersionUID = 1L;

  private final int status;

  BadRequestException(int status, String message) {
    super(message);
    this.status = status;
  }

  int status() {
    return status;
  }
}
