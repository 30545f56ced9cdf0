package io.agentruntime.app.config;

import io.agentruntime.spi.Provider;
import io.agentruntime.spi.architecture.AgentArchitecture;
import io.agentruntime.spi.persistence.PersistenceAdapter;
import io.agentruntime.spi.sandbox.SandboxProvider;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.Set;

/** Reads the server's configuration from all its places. Stateless. */
public final class Configuration {
  /** A broken entry may be met again and again. */
  private static final int MAX_BROKEN_PROVIDERS = 100;

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
    return read(arguments, environment, properties, providersOnClassPath());
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
            settings, LauncherEnvironment.home(environment).toAbsolutePath().normalize()));
  }

  /** What {@code --help} prints. */
  public static String helpText() {
    return CommandLine.helpText();
  }

  private static Map<String, Set<String>> providersOnClassPath() {
    Map<String, Set<String>> ids = new LinkedHashMap<>();
    ids.put("sandbox", ids(SandboxProvider.class));
    ids.put("persistence", ids(PersistenceAdapter.class));
    ids.put("architecture", ids(AgentArchitecture.class));
    return ids;
  }

  private static Set<String> ids(Class<? extends Provider> kind) {
    Set<String> ids = new HashSet<>();
    Iterator<? extends Provider> providers = ServiceLoader.load(kind).iterator();
    int broken = 0;
    while (broken < MAX_BROKEN_PROVIDERS) {
      try {
        if (!providers.hasNext()) {
          break;
        }
        ids.add(providers.next().id());
      } catch (ServiceConfigurationError e) {
        // The runtime reports it when it starts, with the jar's name; here it only has no settings.
        broken++;
      }
    }
    return ids;
  }
}
