// SPDX-License-Identifier: MIT

package io.agentruntime.spi;

import java.util.List;

/**
 * Something behind one of the SPIs, found by {@link java.util.ServiceLoader}.
 *
 * <p>Life cycle: public constructor without arguments (no I/O, no threads) → {@link #id()} at any
 * time → {@link #open} once → use from any thread → {@link #close()}. The runtime calls {@code
 * open} and {@code close} and guarantees their order; {@code close} must be idempotent and must
 * release everything that {@code open} or later calls acquired, except what is meant to outlive the
 * server.
 *
 * <p>A provider must be thread-safe between {@code open} and {@code close}. Whatever it throws is
 * contained: it costs the session on whose behalf it was called, nothing else.
 */
public interface Provider extends AutoCloseable {
  /** The stable id, kebab case, for instance {@code docker}. Free of I/O; never changes. */
  String id();

  /**
   * Makes the provider live. May connect; must fail fast with an {@link
   * io.agentruntime.error.AgentRuntimeException} that names the setting or host at fault.
   *
   * @param context settings and surroundings; valid until {@link #close()}
   */
  void open(ProviderContext context) throws InterruptedException;

  /**
   * What keeps this provider from working at this moment; empty when nothing is known to. Operators
   * ask for it, between {@code open} and {@code close}. May connect, must change nothing that lasts
   * and should answer within seconds; what it throws counts as a problem.
   */
  default List<HealthProblem> health() throws InterruptedException {
    return List.of();
  }

  /** Releases everything; idempotent and thread-safe. */
  @Override
  void close();
}
