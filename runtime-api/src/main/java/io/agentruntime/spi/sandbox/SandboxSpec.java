// SPDX-License-Identifier: MIT

package io.agentruntime.spi.sandbox;

import io.agentruntime.model.Ids;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The wish for a sandbox.
 *
 * @param name unique in this runtime, chosen by the caller before the call
 * @param labels to be found by, for instance the session's id
 * @param environment variables of every process in it; values are secret
 * @param resources limits; null components mean the provider's default
 * @param network how it may reach the network
 * @param image an image, template or snapshot to start from, null for the provider's default
 */
public record SandboxSpec(
    String name,
    Map<String, String> labels,
    Map<String, String> environment,
    SandboxResources resources,
    NetworkMode network,
    @Nullable String image) {
  /** Checks and copies. */
  public SandboxSpec {
    Ids.require("sandbox name", name);
    labels = Map.copyOf(labels);
    environment = Variables.copy(environment);
    Objects.requireNonNull(resources, "resources");
    Objects.requireNonNull(network, "network");
  }

  /** A sandbox with the provider's defaults. */
  public static SandboxSpec named(String name) {
    return new SandboxSpec(
        name, Map.of(), Map.of(), SandboxResources.DEFAULT, NetworkMode.DEFAULT, null);
  }

  @Override
  public String toString() {
    return "SandboxSpec[" + name + ", " + labels + "]";
  }
}
