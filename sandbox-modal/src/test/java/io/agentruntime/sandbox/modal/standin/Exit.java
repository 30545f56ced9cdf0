// SPDX-License-Identifier: MIT

package io.agentruntime.sandbox.modal.standin;

/**
 * How a program ended. A status above 128 counts as a signal: what a shell reports cannot be told
 * from what a program says of itself.
 */
sealed interface Exit {
  record Code(int code) implements Exit {}

  record Signal(int signal) implements Exit {}

  static Exit of(int status) {
    return status > 128 && status < 128 + 32 ? new Signal(status - 128) : new Code(status);
  }

  /** As a shell reports it. */
  default int status() {
    return switch (this) {
      case Code(int code) -> code;
      case Signal(int signal) -> 128 + signal;
    };
  }
}
