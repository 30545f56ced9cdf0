package io.agentruntime.testkit.sandbox;

import io.agentruntime.spi.ProviderContext;
import io.agentruntime.spi.Secret;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Surroundings of a provider in a test.
 *
 * @param runtimeId as which runtime
 * @param dataDirectory an existing folder
 * @param clock the time
 * @param settings the provider's own
 */
public record TestProviderContext(
    String runtimeId, Path dataDirectory, InstantSource clock, Map<String, String> settings)
    implements ProviderContext {
  /** Copies the settings. */
  public TestProviderContext {
    settings = Map.copyOf(settings);
  }

  /** With the system's clock and no settings. */
  public TestProviderContext(String runtimeId, Path dataDirectory) {
    this(runtimeId, dataDirectory, InstantSource.system(), Map.of());
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
    return Optional.empty();
  }
}
