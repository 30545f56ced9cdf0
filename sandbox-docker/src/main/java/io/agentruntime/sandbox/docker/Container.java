// SPDX-License-Identifier: MIT

package io.agentruntime.sandbox.docker;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.exception.NotFoundException;
import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import io.agentruntime.sandbox.support.ExecChannel;
import io.agentruntime.sandbox.support.ExecCommand;
import io.agentruntime.sandbox.support.Pause;
import io.agentruntime.sandbox.support.Program;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One container, and programs started in it. Thread-safe.
 *
 * @param engine where it lives
 * @param id the engine's full id
 */
record Container(Engine engine, String id) implements ExecChannel {
  /** The unprivileged user that everything in a sandbox runs as. */
  static final String USER = "1000:1000";

  private static final Duration PAUSE = Duration.ofMillis(50);
  private static final int MAX_PAUSES = 200;
  private static final int NOT_FOUND = 404;
  private static final int CONFLICT = 409;

  @Override
  public Program open(ExecCommand command) throws IOException, InterruptedException {
    String execId = engine.programs().create(id, command);
    return new EngineProgram(engine, execId, ExecStream.start(engine.connect(), execId));
  }

  /** Asks the engine about this container, with errors as the sandbox SPI wants them. */
  <T extends @Nullable Object> T call(String attempt, Function<DockerClient, T> request)
      throws InterruptedException {
    return guarded(attempt, () -> engine.call(attempt, request));
  }

  /** As {@link #call}, for requests in which the engine may be silent for minutes. */
  <T extends @Nullable Object> T callPatiently(String attempt, Function<DockerClient, T> request)
      throws InterruptedException {
    return guarded(attempt, () -> engine.callPatiently(attempt, request));
  }

  /** The container's state; null when it does not exist. */
  InspectContainerResponse.@Nullable ContainerState state() throws InterruptedException {
    return engine.call("inspect sandbox " + id, this::stateAt);
  }

  /** Whether it runs, be it paused; false means for certain that it does not. */
  @Override
  public boolean isAlive() throws InterruptedException {
    InspectContainerResponse.ContainerState state = state();
    return state != null && Boolean.TRUE.equals(state.getRunning());
  }

  /** Freezes or thaws all processes; no error when they are so already. */
  void setPaused(boolean paused) throws InterruptedException {
    String attempt = paused ? "pause" : "resume";
    try {
      call(
          attempt,
          docker ->
              paused ? docker.pauseContainerCmd(id).exec() : docker.unpauseContainerCmd(id).exec());
    } catch (AgentRuntimeException e) {
      InspectContainerResponse.ContainerState state = Engine.status(e) == 0 ? null : state();
      if (state == null || !Boolean.valueOf(paused).equals(state.getPaused())) {
        throw e;
      }
    }
  }

  /** Ends and removes it with its volumes; returns when it is gone. Idempotent. */
  void remove() throws InterruptedException {
    String attempt = "remove sandbox " + id;
    for (int i = 0; i < MAX_PAUSES; i++) {
      try {
        engine.call(
            attempt,
            docker -> docker.removeContainerCmd(id).withForce(true).withRemoveVolumes(true).exec());
        return;
      } catch (AgentRuntimeException e) {
        if (Engine.status(e) == NOT_FOUND) {
          return;
        }
        // Somebody else is removing it: wait until that is done.
        if (Engine.status(e) != CONFLICT || i + 1 == MAX_PAUSES) {
          throw e;
        }
        Pause.of(PAUSE);
      }
    }
  }

  /** Unpacks a tar archive at the root, with the owners it names. Not with a read-only root. */
  void unpackAtRoot(byte[] archive) throws InterruptedException {
    call(
        "add folders",
        docker ->
            docker
                .copyArchiveToContainerCmd(id)
                .withTarInputStream(new ByteArrayInputStream(archive))
                .withRemotePath("/")
                .exec());
  }

  /** Runs an exchange; where it fails, finds out whether the container is gone. */
  @Override
  public <T extends @Nullable Object> T guarded(String attempt, Exchange<T> exchange)
      throws InterruptedException {
    try {
      return exchange.run();
    } catch (IOException e) {
      throw translate(attempt, e);
    } catch (AgentRuntimeException e) {
      throw Engine.status(e) == 0 ? e : translate(attempt, e);
    }
  }

  /** An exception of this system for whatever a request about this container threw. */
  AgentRuntimeException translate(String attempt, Exception failure) throws InterruptedException {
    String what = attempt + " in sandbox " + id;
    AgentRuntimeException translated = engine.translate(what, failure);
    String code = translated.code().name();
    boolean refused = code.equals(StandardError.SANDBOX_FAILED.name());
    boolean silent = code.equals(StandardError.SANDBOX_UNAVAILABLE.name());
    if (Engine.status(failure) == NOT_FOUND) {
      return lost(attempt, failure);
    }
    if (!refused && !silent) {
      return translated;
    }
    // A stream that breaks may be the engine's end or only the container's: ask.
    InspectContainerResponse.ContainerState state = engine.askSoon(what, this::stateAt);
    if (state == null || !Boolean.TRUE.equals(state.getRunning())) {
      return lost(attempt, failure);
    }
    // The engine answered just now: what does not answer is in the sandbox.
    if (silent || Boolean.TRUE.equals(state.getPaused())) {
      String why =
          Boolean.TRUE.equals(state.getPaused()) ? "paused; resume it first" : "not answering";
      return new AgentRuntimeException(
          StandardError.SANDBOX_UNAVAILABLE,
          "Cannot " + what + ": it is " + why + " (" + root(failure) + ")",
          failure);
    }
    return translated;
  }

  private InspectContainerResponse.@Nullable ContainerState stateAt(DockerClient docker) {
    try {
      return docker.inspectContainerCmd(id).exec().getState();
    } catch (NotFoundException e) {
      return null;
    }
  }

  private static String root(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return String.valueOf(root.getMessage() == null ? root : root.getMessage());
  }

  @Override
  public AgentRuntimeException lost(String attempt, @Nullable Exception cause) {
    return new AgentRuntimeException(
        StandardError.SANDBOX_LOST,
        "Cannot %s: sandbox %s no longer exists".formatted(attempt, id),
        cause);
  }
}
