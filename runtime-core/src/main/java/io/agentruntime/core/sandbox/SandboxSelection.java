// SPDX-License-Identifier: MIT

package io.agentruntime.core.sandbox;

import io.agentruntime.core.provider.Providers;
import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import io.agentruntime.spi.sandbox.SandboxCapability;
import io.agentruntime.spi.sandbox.SandboxProvider;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Decides which sandbox provider a session uses. Thread-safe. */
public final class SandboxSelection {
  /** Take an isolating provider that answers. */
  public static final String AUTO = "auto";

  private static final Logger log = LoggerFactory.getLogger(SandboxSelection.class);

  private final Providers providers;
  private final String fallback;
  private final boolean allowUnisolated;

  /**
   * A selection.
   *
   * @param providers all providers
   * @param configured the default's id, {@code auto}, or null when there is only one
   * @param allowUnisolated whether {@code auto} may take a provider without isolation
   * @throws AgentRuntimeException {@code CONFIGURATION} when the choice is ambiguous or unknown
   */
  public SandboxSelection(
      Providers providers, @Nullable String configured, boolean allowUnisolated) {
    this.providers = providers;
    this.allowUnisolated = allowUnisolated;
    if (configured == null) {
      List<SandboxProvider> all = providers.sandboxes();
      if (all.size() > 1) {
        throw new AgentRuntimeException(
            StandardError.CONFIGURATION,
            "several sandbox providers are on the class path ("
                + String.join(", ", all.stream().map(SandboxProvider::id).toList())
                + "); set agent-runtime.sandbox to one of them or to auto");
      }
      fallback = all.getFirst().id();
    } else {
      if (!configured.equals(AUTO)) {
        require(configured);
      }
      fallback = configured;
    }
  }

  /** Checks that a provider of that id exists. */
  public void require(String id) {
    providers.sandbox(id);
  }

  /**
   * The provider for a session.
   *
   * @param wished the id the session asked for, null for the default
   * @throws AgentRuntimeException {@code SANDBOX_UNAVAILABLE} saying why no provider can be taken
   */
  public SandboxProvider select(@Nullable String wished) throws InterruptedException {
    if (wished != null) {
      return providers.sandbox(wished);
    }
    return fallback.equals(AUTO) ? automatic() : providers.sandbox(fallback);
  }

  /** The id of the provider that will most likely be taken, to name it before one is chosen. */
  public String expected(@Nullable String wished) {
    if (wished != null) {
      return wished;
    }
    if (!fallback.equals(AUTO)) {
      return fallback;
    }
    List<SandboxProvider> all = providers.sandboxes();
    return all.stream()
        .filter(provider -> provider.capabilities().contains(SandboxCapability.ISOLATION))
        .findFirst()
        .orElse(all.getFirst())
        .id();
  }

  private SandboxProvider automatic() throws InterruptedException {
    List<String> reasons = new ArrayList<>();
    List<SandboxProvider> unisolated = new ArrayList<>();
    for (SandboxProvider candidate : providers.sandboxes()) {
      if (!candidate.capabilities().contains(SandboxCapability.ISOLATION)) {
        unisolated.add(candidate);
        continue;
      }
      try {
        candidate.list();
        return candidate;
      } catch (AgentRuntimeException e) {
        reasons.add(candidate.id() + ": " + e.getMessage());
      }
    }
    if (allowUnisolated && !unisolated.isEmpty()) {
      SandboxProvider chosen = unisolated.getFirst();
      log.warn("no isolating sandbox answers ({}); using '{}'", reasons, chosen.id());
      return chosen;
    }
    throw new AgentRuntimeException(
        StandardError.SANDBOX_UNAVAILABLE,
        "no isolating sandbox provider answers "
            + reasons
            + "; start one, or choose another explicitly with agent-runtime.sandbox");
  }
}
