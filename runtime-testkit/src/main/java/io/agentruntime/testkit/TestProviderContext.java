// SPDX-License-Identifier: MIT

package io.agentruntime.testkit;

import io.agentruntime.spi.ProviderContext;
import io.agentruntime.spi.Secret;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A provider's surroundings, given by a test. Immutable.
 *
 * @param runtimeId the installation's id
 * @param dataDirectory the provider's own folder, which must exist
 * @param clock the clock
 * @param settings settings by key
 * @param secrets secrets by name
 */
public record TestProviderContext(
    String runtimeId,
    Path dataDirectory,
    InstantSource clock,
    Map<String, String> settings,
    Map<String, Secret> secrets)
    implements ProviderContext {
  /** Copies the maps. */
  public TestProviderContext {
    settings = Map.copyOf(settings);
    secrets = Map.copyOf(secrets);
  }

  /** Surroundings without secrets. */
  public TestProviderContext(
      String runtimeId, Path dataDirectory, InstantSource clock, Map<String, String> settings) {
    this(runtimeId, dataDirectory, clock, settings, Map.of());
  }

  /** Surroundings with the system's clock, without settings and secrets. */
  public TestProviderContext(String runtimeId, Path dataDirectory) {
    this(runtimeId, dataDirectory, InstantSource.system(), Map.of());
  }

  /** Surroundings without settings and secrets. */
  public static TestProviderContext in(Path dataDirectory, InstantSource clock) {
    return new TestProviderContext("test", dataDirectory, clock, Map.of(), Map.of());
  }

  /** The same with other settings. */
  public TestProviderContext with(Map<String, String> newSettings) {
    return new TestProviderContext(runtimeId, dataDirectory, clock, newSettings, secrets);
  }

  @Override
  public Optional<String> setting(String key) {
    return Optional.ofNullable(settings.get(key));
  }

  @Override
  public Set<String> settingKeys() {
    return settings.keySet();
  }

  @Override
  public Optional<Secret> secret(String name) {
    return Optional.ofNullable(secrets.get(name));
  }
}
