// SPDX-License-Identifier: MIT

package io.agentruntime.sandbox.modal;

import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import io.agentruntime.sandbox.modal.grpc.GrpcException;
import io.agentruntime.sandbox.modal.grpc.GrpcStatus;
import io.agentruntime.sandbox.modal.wire.SandboxTerminateRequest;
import io.agentruntime.sandbox.modal.wire.SandboxTerminateResponse;
import io.agentruntime.sandbox.modal.wire.SandboxWaitRequest;
import io.agentruntime.sandbox.modal.wire.SandboxWaitResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** One sandbox at Modal, and programs started in it. Thread-safe. */
final class Machine {
  private static final int SHORT_OUTPUT = 1024 * 1024;
  private static final Duration LONGEST_END = Duration.ofSeconds(60);
  private static final Duration ONE_WAIT = Duration.ofSeconds(10);

  private final ControlPlane modal;
  private final String id;
  private final Router router;

  Machine(ControlPlane modal, String id, Router router) {
    this.modal = modal;
    this.id = id;
    this.router = router;
  }

  /**
   * What a short program left behind.
   *
   * @param code its exit code
   * @param output standard output
   * @param errors the beginning of standard error; empty where the code is 0
   */
  record Output(int code, byte[] output, String errors) {
    String text() {
      return new String(output, StandardCharsets.UTF_8);
    }
  }

  /** A conversation with a program. */
  @FunctionalInterface
  interface Dialogue<T extends @Nullable Object> {
    T with(Exec program) throws IOException, InterruptedException;
  }

  /** Something that talks to the sandbox. */
  @FunctionalInterface
  interface Exchange<T extends @Nullable Object> {
    T run() throws IOException, InterruptedException;
  }

  String id() {
    return id;
  }

  ControlPlane modal() {
    return modal;
  }

  Router router() {
    return router;
  }

  /** Runs a program to its end with a small input and a small output. */
  Output run(String attempt, ExecCommand command, byte[] input) throws InterruptedException {
    return talk(
        attempt,
        command,
        program -> {
          IOException broken = input.length == 0 ? null : send(program, input);
          try {
            byte[] output = program.stdout().readNBytes(SHORT_OUTPUT);
            int code = program.exitCode();
            return new Output(code, output, code == 0 ? "" : program.errors());
          } catch (IOException e) {
            throw broken == null ? e : broken;
          }
        });
  }

  /** As {@link #run}; fails unless the exit code is 0. */
  Output runWell(String attempt, ExecCommand command, byte[] input) throws InterruptedException {
    Output output = run(attempt, command, input);
    if (output.code() != 0) {
      throw failure(attempt, output.errors());
    }
    return output;
  }

  /** Starts a program and lets somebody talk to it; its streams are closed afterwards. */
  <T extends @Nullable Object> T talk(String attempt, ExecCommand command, Dialogue<T> dialogue)
      throws InterruptedException {
    return guarded(
        attempt,
        () -> {
          try (Exec program = startNow(command)) {
            return dialogue.with(program);
          }
        });
  }

  /** Starts a program; the caller closes it. */
  Exec start(String attempt, ExecCommand command) throws InterruptedException {
    return guarded(attempt, () -> startNow(command));
  }

  /**
   * Whether it still runs; false means for certain that it does not.
   *
   * @throws AgentRuntimeException {@code SANDBOX_UNAVAILABLE} when that cannot be told
   */
  boolean isAlive() throws InterruptedException {
    try {
      return lives();
    } catch (GrpcException e) {
      throw Troubles.of("ask for sandbox " + id, e);
    }
  }

  /** Ends it and waits for its end. Idempotent. */
  void terminate() throws InterruptedException {
    try {
      modal.call(
          rpc("SandboxTerminate"),
          SandboxTerminateRequest.newBuilder().setSandboxId(id).build(),
          SandboxTerminateResponse.parser());
      awaitEnd();
    } catch (GrpcException e) {
      if (e.status() != GrpcStatus.NOT_FOUND) {
        throw Troubles.of("end sandbox " + id, e);
      }
    }
  }

  /**
   * What to throw where a program in the sandbox failed: its end may be the sandbox's end.
   *
   * @param attempt what was attempted
   * @param reason what the program said, which must not hold secrets
   */
  AgentRuntimeException failure(String attempt, String reason) throws InterruptedException {
    if (!isAlive()) {
      return lost(attempt, null);
    }
    return new AgentRuntimeException(
        StandardError.SANDBOX_FAILED, "Cannot %s in sandbox %s: %s".formatted(attempt, id, reason));
  }

  /** Runs an exchange; where it fails, finds out whether the sandbox is gone. */
  <T extends @Nullable Object> T guarded(String attempt, Exchange<T> exchange)
      throws InterruptedException {
    try {
      return exchange.run();
    } catch (java.io.InterruptedIOException e) {
      if (Thread.interrupted()) {
        InterruptedException interrupted = new InterruptedException();
        interrupted.initCause(e);
        throw interrupted;
      }
      throw translate(attempt, e);
    } catch (IOException e) {
      throw translate(attempt, e);
    }
  }

  /** The exception for a failed exchange with the sandbox. */
  AgentRuntimeException translate(String attempt, IOException failure) throws InterruptedException {
    String what = attempt + " in sandbox " + id;
    boolean lives;
    try {
      lives = lives();
    } catch (GrpcException e) {
      e.addSuppressed(failure);
      return Troubles.of(what, e);
    }
    if (!lives) {
      return lost(attempt, failure);
    }
    if (failure instanceof GrpcException call) {
      return Troubles.of(what, call);
    }
    return new AgentRuntimeException(
        failure instanceof Refusal
            ? StandardError.SANDBOX_FAILED
            : StandardError.SANDBOX_UNAVAILABLE,
        "Cannot " + what + ": " + failure.getMessage(),
        failure);
  }

  /** The exception for a sandbox that is gone. */
  AgentRuntimeException lost(String attempt, @Nullable Exception cause) {
    return new AgentRuntimeException(
        StandardError.SANDBOX_LOST,
        "Cannot %s: sandbox %s does not exist or has ended".formatted(attempt, id),
        cause);
  }

  private boolean lives() throws GrpcException, InterruptedException {
    try {
      return !await(Duration.ZERO).hasResult();
    } catch (GrpcException e) {
      if (e.status() == GrpcStatus.NOT_FOUND) {
        return false;
      }
      throw e;
    }
  }

  private void awaitEnd() throws GrpcException, InterruptedException {
    long deadline = System.nanoTime() + LONGEST_END.toNanos();
    while (!await(ONE_WAIT).hasResult()) {
      if (System.nanoTime() > deadline) {
        throw new GrpcException(
            GrpcStatus.DEADLINE_EXCEEDED, "sandbox " + id + " does not end", null);
      }
    }
  }

  private SandboxWaitResponse await(Duration time) throws GrpcException, InterruptedException {
    return modal.call(
        rpc("SandboxWait"),
        SandboxWaitRequest.newBuilder().setSandboxId(id).setTimeout(time.toSeconds()).build(),
        SandboxWaitResponse.parser(),
        modal.settings().requestTimeout().plus(time));
  }

  private String rpc(String name) {
    return Backend.of(id).rpc(name);
  }

  private Exec startNow(ExecCommand command) throws IOException, InterruptedException {
    return Exec.start(router, command, this::lives);
  }

  /** Sends all input; a failure may only mean that the program did not want all of it. */
  private static @Nullable IOException send(Exec program, byte[] input) {
    try {
      program.stdin().write(input);
      program.stdin().close();
      return null;
    } catch (IOException e) {
      return e;
    }
  }
}
