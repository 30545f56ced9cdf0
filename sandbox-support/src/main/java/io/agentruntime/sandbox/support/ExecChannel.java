// SPDX-License-Identifier: MIT

package io.agentruntime.sandbox.support;

import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Runs programs in one sandbox. Thread-safe.
 *
 * <p>What a provider implements: starting a program, and telling what a failure means. Programs run
 * as the sandbox's user; {@code sh} and the usual tools are expected to be there.
 */
public interface ExecChannel {
  /** The sandbox's id. */
  String id();

  /**
   * Whether the sandbox still runs; false means for certain that it does not.
   *
   * @throws AgentRuntimeException {@code SANDBOX_UNAVAILABLE} when that cannot be told
   */
  boolean isAlive() throws InterruptedException;

  /** Starts a program; the caller closes it. Without {@link #guarded}, which the caller does. */
  Program open(ExecCommand command) throws IOException, InterruptedException;

  /**
   * Runs an exchange with the sandbox; where it fails, finds out whether the sandbox is gone.
   *
   * @param attempt what is attempted, as a verb, for the error message
   * @throws AgentRuntimeException {@code SANDBOX_LOST}, {@code SANDBOX_UNAVAILABLE}, or {@code
   *     SANDBOX_FAILED} for a {@link Refusal}; those of the exchange itself pass
   */
  <T extends @Nullable Object> T guarded(String attempt, Exchange<T> exchange)
      throws InterruptedException;

  /** The exception for a sandbox that is gone: {@code SANDBOX_LOST}. */
  AgentRuntimeException lost(String attempt, @Nullable Exception cause);

  /**
   * How often in a row a program that follows something is started again after it was ended from
   * outside before anything came.
   */
  default int resumptions() {
    return 0;
  }

  /** Starts a program; the caller closes it. */
  default Program start(String attempt, ExecCommand command) throws InterruptedException {
    return guarded(attempt, () -> open(command));
  }

  /** Starts a program and lets somebody talk to it; it is closed afterwards. */
  default <T extends @Nullable Object> T talk(
      String attempt, ExecCommand command, Dialogue<T> dialogue) throws InterruptedException {
    return guarded(
        attempt,
        () -> {
          try (Program program = open(command)) {
            return dialogue.with(program);
          }
        });
  }

  /** Runs a program to its end with a small input and a small output. */
  default Output run(String attempt, ExecCommand command, byte[] input)
      throws InterruptedException {
    return talk(
        attempt,
        command,
        program -> {
          IOException broken = program.send(input);
          try {
            byte[] output = program.stdout().readNBytes(Output.LIMIT);
            int code = program.exitCode();
            return new Output(code, output, code == 0 ? "" : program.errors());
          } catch (IOException e) {
            throw broken == null ? e : broken;
          }
        });
  }

  /** As {@link #run}; fails unless the exit code is 0. */
  default Output runWell(String attempt, ExecCommand command, byte[] input)
      throws InterruptedException {
    Output output = run(attempt, command, input);
    if (output.code() != 0) {
      throw failure(attempt, output.errors());
    }
    return output;
  }

  /**
   * What to throw where a program in the sandbox failed: its end may be the sandbox's end.
   *
   * @param attempt what was attempted
   * @param reason what the program said, which must not hold secrets
   */
  default AgentRuntimeException failure(String attempt, String reason) throws InterruptedException {
    if (!isAlive()) {
      return lost(attempt, null);
    }
    return new AgentRuntimeException(
        StandardError.SANDBOX_FAILED,
        "Cannot %s in sandbox %s: %s".formatted(attempt, id(), reason));
  }

  /**
   * What a short program left behind.
   *
   * @param code its exit code
   * @param output standard output, its beginning when it is long
   * @param errors a part of standard error; empty where the code is 0
   */
  record Output(int code, byte[] output, String errors) {
    private static final int LIMIT = 1024 * 1024;

    /** The output as UTF-8. */
    public String text() {
      return new String(output, StandardCharsets.UTF_8);
    }
  }

  /** A conversation with a program. */
  @FunctionalInterface
  interface Dialogue<T extends @Nullable Object> {
    /** Talks; the program is closed by whoever started it. */
    T with(Program program) throws IOException, InterruptedException;
  }

  /** Something that talks to the sandbox. */
  @FunctionalInterface
  interface Exchange<T extends @Nullable Object> {
    /** Talks. */
    T run() throws IOException, InterruptedException;
  }
}
