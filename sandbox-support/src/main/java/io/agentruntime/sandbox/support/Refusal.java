// SPDX-License-Identifier: MIT

package io.agentruntime.sandbox.support;

import java.io.IOException;
import java.io.Serial;

/** A program in a sandbox answered, but not what was asked for. */
public class Refusal extends IOException {
  @Serial private static final long serialVersionUID = 1L;

  /** A refusal with its reason, which must not hold secrets. */
  public Refusal(String message) {
    super(message);
  }

  /** The early end of a program; its errors tell why. */
  public static Refusal ended(Program program) throws IOException {
    String errors = program.errors();
    return new Refusal(errors.isEmpty() ? "the program ended early" : errors);
  }
}
