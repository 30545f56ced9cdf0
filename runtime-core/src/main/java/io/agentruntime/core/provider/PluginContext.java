// SPDX-License-Identifier: MIT

package io.agentruntime.core.provider;

import io.agentruntime.spi.ProviderContext;
import io.agentruntime.spi.Secret;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What one provider is told: the settings under its own prefix only.
 *
 * @param runtimeId this installation's id
 * @param dataDirectory the provider's own folder
 * @param clock the clock
 * @param settings its settings without the prefix
 * @param secrets where secrets come from
 */
public record PluginContext(
    String runtimeId,
    Path dataDirectory,
    InstantSource clock,
    Map<String, String> settings,
    SecretSource secrets)
    implements ProviderContext {
  /** Copies the settings. */
  public PluginContext {
    settings = Map.copyOf(settings);
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
    return secrets.secret(name);
  }

  @Override
  public String toString() {
    return "PluginContext[" + dataDirectory + ", settings " + settings.keySet() + "]";
  }
}
