// SPDX-License-Identifier: MIT

package io.agentruntime.sandbox.modal;

import java.io.IOException;
import java.io.Serial;

/** A program in a sandbox answered, but not what was asked for. */
final class Refusal extends IOException {
  @Serial private static final long serialVersionUID = 1L;

  Refusal(String message) {
    super(message);
  }

  /** The early end of a program; its errors tell why. */
  static Refusal ended(Exec program) throws IOException {
    String errors = program.errors();
    return new Refusal(errors.isEmpty() ? "the program ended early" : errors);
  }
}
