// SPDX-License-Identifier: MIT

package io.agentruntime.spi.sandbox;

import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import io.agentruntime.spi.Provider;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Creates sandboxes: isolated machines in which an agent program runs.
 *
 * <p>Blocking methods honour interruption: they throw {@link InterruptedException} and leave
 * nothing behind that {@link #list()} would not show.
 */
public interface SandboxProvider extends Provider {
  /** What this provider supports; constant after {@code open}. */
  Set<SandboxCapability> capabilities();

  /**
   * Creates and starts a sandbox.
   *
   * <p>Idempotent by name: if a live sandbox of this runtime has that name, it is terminated first,
   * because a crash during creation may have left it. Labels are set in the same step as creation,
   * so that what a crash leaves can be found.
   *
   * @param spec what is wanted
   * @return a live sandbox; the caller ends it with {@link Sandbox#terminate()}
   * @throws AgentRuntimeException {@code SANDBOX_UNAVAILABLE} when the backend does not answer,
   *     {@code SANDBOX_FAILED} when it refuses, {@code UNSUPPORTED} for an undeclared wish
   */
  Sandbox create(SandboxSpec spec) throws InterruptedException;

  /**
   * The same, telling people what takes long, such as the building of an image. The runtime calls
   * this one; a provider that has nothing to tell need not override it.
   *
   * @param spec what is wanted
   * @param progress takes a short text before a step; called by the calling thread only
   */
  default Sandbox create(SandboxSpec spec, Consumer<String> progress) throws InterruptedException {
    return create(spec);
  }

  /**
   * Finds a sandbox again.
   *
   * @param sandboxId an id that {@link Sandbox#id()} gave
   * @throws AgentRuntimeException {@code SANDBOX_LOST} when it does not exist or has ended
   */
  default Sandbox attach(String sandboxId) throws InterruptedException {
    throw AgentRuntimeException.unsupported(id(), SandboxCapability.REATTACH);
  }

  /**
   * All sandboxes that carry this runtime's id, running or not.
   *
   * @throws AgentRuntimeException {@code SANDBOX_UNAVAILABLE} when the list cannot be read; never
   *     an empty list instead
   */
  default List<SandboxListing> list() throws InterruptedException {
    throw AgentRuntimeException.unsupported(id(), SandboxCapability.REATTACH);
  }

  /**
   * Ends and removes a sandbox of this runtime, running or not; no error when there is none. A
   * provider whose {@link #list()} shows sandboxes that do not run must override it.
   *
   * @param sandboxId an id from {@link #list()} or {@link Sandbox#id()}
   */
  default void terminate(String sandboxId) throws InterruptedException {
    Sandbox sandbox;
    try {
      sandbox = attach(sandboxId);
    } catch (AgentRuntimeException e) {
      if (e.code() != StandardError.SANDBOX_LOST) {
        throw e;
      }
      return;
    }
    sandbox.terminate();
  }
}
