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
import io.agentruntime.sandbox.support.ExecChannel;
import io.agentruntime.sandbox.support.ExecCommand;
import io.agentruntime.sandbox.support.Program;
import io.agentruntime.sandbox.support.Refusal;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** One sandbox at Modal, and programs started in it. Thread-safe. */
final class Machine implements ExecChannel {
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

  @Override
  public String id() {
    return id;
  }

  ControlPlane modal() {
    return modal;
  }

  Router router() {
    return router;
  }

  @Override
  public Program open(ExecCommand command) throws IOException, InterruptedException {
    return Exec.start(router, command, this::lives);
  }

  @Override
  public int resumptions() {
    return 3;
  }

  @Override
  public boolean isAlive() throws InterruptedException {
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

  @Override
  public <T extends @Nullable Object> T guarded(String attempt, Exchange<T> exchange)
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
  private AgentRuntimeException translate(String attempt, IOException failure)
      throws InterruptedException {
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

  @Override
  public AgentRuntimeException lost(String attempt, @Nullable Exception cause) {
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
}
