// SPDX-License-Identifier: MIT

package io.agentruntime.app.config;

import io.agentruntime.core.provider.ProviderStart;
import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;

/** Reads the server's configuration from all its places. Stateless. */
public final class Configuration {
  private Configuration() {}

  /**
   * Reads the configuration of this process.
   *
   * @param arguments the command line
   * @return empty when only help was asked for
   * @throws io.agentruntime.error.AgentRuntimeException {@code CONFIGURATION}, naming the setting
   */
  public static Optional<ServerConfig> read(List<String> arguments) {
    return read(arguments, System.getenv(), System.getProperties());
  }

  /** The same with another environment and other system properties. */
  public static Optional<ServerConfig> read(
      List<String> arguments, Map<String, String> environment, Properties properties) {
    return read(
        arguments,
        environment,
        properties,
        ProviderStart.ids(
            Configuration.class.getClassLoader(),
            LauncherEnvironment.isolatedProviders(environment)));
  }

  /**
   * The configuration of an application that brings its settings itself: nothing else is asked.
   *
   * @param settings by their name below {@code agent-runtime.}, as on the command line; must name
   *     {@code data-dir}
   * @throws io.agentruntime.error.AgentRuntimeException {@code CONFIGURATION}, naming the setting
   */
  public static ServerConfig of(Map<String, String> settings) {
    if (!settings.containsKey(Setting.DATA_DIR.key())) {
      throw new AgentRuntimeException(
          StandardError.CONFIGURATION, "setting '" + Setting.DATA_DIR.key() + "' is missing");
    }
    Properties properties = new Properties();
    settings.forEach((name, value) -> properties.setProperty(SettingKeys.PREFIX + name, value));
    return read(List.of(), Map.of(), properties).orElseThrow();
  }

  static Optional<ServerConfig> read(
      List<String> arguments,
      Map<String, String> environment,
      Properties properties,
      Map<String, Set<String>> providerIds) {
    CommandLine line = CommandLine.read(arguments);
    if (line.help()) {
      return Optional.empty();
    }
    ProviderFolders.of(environment).requireKnownProperties();
    SettingsReader reader =
        new SettingsReader(new SettingKeys(providerIds))
            .launcher(LauncherEnvironment.settings(environment));
    line.config()
        .or(() -> Optional.ofNullable(environment.get("AGENT_RUNTIME_CONFIG")).map(Path::of))
        .ifPresent(reader::file);
    Settings settings =
        reader.environment(environment).properties(properties).options(line.options()).read();
    return Optional.of(
        ServerConfig.of(
            settings,
            LauncherEnvironment.home(environment).toAbsolutePath().normalize(),
            LauncherEnvironment.isolatedProviders(environment)));
  }

  /** What {@code --help} prints. */
  public static String helpText() {
    return CommandLine.helpText();
  }
}
