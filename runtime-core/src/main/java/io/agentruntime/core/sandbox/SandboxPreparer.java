// SPDX-License-Identifier: MIT

package io.agentruntime.core.sandbox;

import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import io.agentruntime.spi.architecture.SandboxSetup;
import io.agentruntime.spi.architecture.SetupCommand;
import io.agentruntime.spi.architecture.SetupRequest;
import io.agentruntime.spi.sandbox.NetworkMode;
import io.agentruntime.spi.sandbox.Sandbox;
import io.agentruntime.spi.sandbox.SandboxProvider;
import io.agentruntime.spi.sandbox.SandboxResources;
import io.agentruntime.spi.sandbox.SandboxSpec;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Creates a sandbox and sets it up; what it cannot finish it ends. Thread-safe. */
public final class SandboxPreparer {
  /** The label that names the session. */
  public static final String SESSION_LABEL = "session";

  /** The label that names the process of this runtime that made the sandbox. */
  public static final String OWNER_LABEL = "owner";

  private static final Duration ADOPTION_PATIENCE = Duration.ofMinutes(1);
  private static final Duration ADOPTION_PAUSE = Duration.ofMillis(500);

  private static final Logger log = LoggerFactory.getLogger(SandboxPreparer.class);

  private final CommandRunner commands;
  private final String owner;

  /**
   * A preparer of sandboxes.
   *
   * @param commands runs set-up commands
   * @param owner this process's name, which no other process ever has
   */
  public SandboxPreparer(CommandRunner commands, String owner) {
    this.commands = commands;
    this.owner = owner;
  }

  /**
   * Prepares a sandbox.
   *
   * @param request what for
   * @param created called with the sandbox as soon as it exists
   * @param progress called with a text for people before each step
   */
  public PreparedSandbox prepare(
      PrepareRequest request, Consumer<Sandbox> created, Consumer<String> progress)
      throws InterruptedException {
    progress.accept("Creating sandbox...");
    String name = request.sessionId() + "-" + request.generation();
    Sandbox sandbox =
        request
            .provider()
            .create(
                new SandboxSpec(
                    name,
                    Map.of(SESSION_LABEL, request.sessionId().value(), OWNER_LABEL, owner),
                    Map.of(),
                    SandboxResources.DEFAULT,
                    NetworkMode.DEFAULT,
                    null),
                progress);
    try {
      created.accept(sandbox);
      return setUp(request, sandbox, progress);
    } catch (AgentRuntimeException e) {
      end(sandbox);
      throw new AgentRuntimeException(e.code(), request.mask().mask(e.getMessage()), e);
    } catch (RuntimeException e) {
      end(sandbox);
      throw new AgentRuntimeException(
          StandardError.SANDBOX_FAILED, "setting up sandbox " + sandbox.id() + " failed", e);
    } catch (InterruptedException e) {
      end(sandbox);
      throw e;
    }
  }

  /**
   * Takes over a sandbox that an earlier server prepared.
   *
   * @param request what it was prepared for
   * @param sandboxId its id
   * @throws AgentRuntimeException {@code SANDBOX_LOST} when it does not live any more
   */
  public PreparedSandbox adopt(PrepareRequest request, String sandboxId)
      throws InterruptedException {
    // What is in it is stored nowhere else: a provider that does not answer is waited for.
    Sandbox sandbox =
        Patience.apply(
            "taking over sandbox " + sandboxId,
            ADOPTION_PATIENCE,
            ADOPTION_PAUSE,
            () -> alive(request.provider(), sandboxId));
    SandboxSetup setup = setup(request, sandbox);
    request.workspace().adopt(setup.unkeptPaths());
    return new PreparedSandbox(sandbox, setup.environment());
  }

  private static Sandbox alive(SandboxProvider provider, String sandboxId)
      throws InterruptedException {
    Sandbox sandbox = provider.attach(sandboxId);
    if (!sandbox.isAlive()) {
      throw new AgentRuntimeException(
          StandardError.SANDBOX_LOST, "sandbox " + sandboxId + " has ended");
    }
    return sandbox;
  }

  private static SandboxSetup setup(PrepareRequest request, Sandbox sandbox) {
    return request
        .architecture()
        .setup(
            new SetupRequest(
                request.sessionId(),
                request.nativeId(),
                request.profile(),
                request.options(),
                request.transcript(),
                sandbox.paths()));
  }

  private PreparedSandbox setUp(PrepareRequest request, Sandbox sandbox, Consumer<String> progress)
      throws InterruptedException {
    progress.accept("Setting up session files...");
    SandboxSetup setup = setup(request, sandbox);
    request.workspace().restore(sandbox, setup.unkeptPaths());
    if (!setup.files().isEmpty()) {
      sandbox.writeFiles(setup.files());
    }
    for (SetupCommand command : setup.commands()) {
      progress.accept(command.description());
      commands.run(sandbox, command, setup.environment());
    }
    return new PreparedSandbox(sandbox, setup.environment());
  }

  /** Ends a sandbox that is of no use, also while this thread is being interrupted. */
  private static void end(Sandbox sandbox) {
    boolean interrupted = Thread.interrupted();
    try {
      sandbox.terminate();
    } catch (InterruptedException e) {
      interrupted = true;
    } catch (RuntimeException e) {
      log.warn("sandbox {} cannot be ended: {}", sandbox.id(), e.getMessage());
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
