package io.agentruntime.app.config;

import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The server's command line.
 *
 * @param options settings that it gives
 * @param configFile the file named by {@code --config}, if any
 * @param help whether help was asked for
 */
record CommandLine(Map<Setting, Settings.Value> options, @Nullable Path configFile, boolean help) {
  private static final Map<String, Setting> NAMES =
      Map.of(
          "--host", Setting.HOST,
          "--port", Setting.PORT,
          "--data-dir", Setting.DATA_DIR,
          "--sandbox", Setting.SANDBOX,
          "--model", Setting.MODEL,
          "--profiles", Setting.PROFILES_DIR,
          "--log-level", Setting.LOG_LEVEL,
          "--log-format", Setting.LOG_FORMAT);

  CommandLine {
    options = Map.copyOf(options);
  }

  /** Reads {@code --name value} and {@code --name=value}. */
  static CommandLine read(List<String> arguments) {
    Map<Setting, Settings.Value> options = new EnumMap<>(Setting.class);
    Path configFile = null;
    for (int i = 0; i < arguments.size(); i++) {
      String argument = arguments.get(i);
      if (argument.equals("--help") || argument.equals("-h")) {
        return new CommandLine(options, null, true);
      }
      int equals = argument.indexOf('=');
      String name = equals < 0 ? argument : argument.substring(0, equals);
      if (!NAMES.containsKey(name) && !name.equals("--config")) {
        throw wrong("unknown option " + name);
      }
      if (equals < 0 && i + 1 == arguments.size()) {
        throw wrong("option " + name + " needs a value");
      }
      String value = equals < 0 ? arguments.get(++i) : argument.substring(equals + 1);
      Setting setting = NAMES.get(name);
      if (setting == null) {
        configFile = Path.of(value);
      } else {
        options.put(setting, new Settings.Value(value, name));
      }
    }
    return new CommandLine(options, configFile, false);
  }

  Optional<Path> config() {
    return Optional.ofNullable(configFile);
  }

  private static AgentRuntimeException wrong(String message) {
    return new AgentRuntimeException(
        StandardError.CONFIGURATION, message + "; see --help for what there is");
  }

  /** What {@code --help} prints. */
  static String helpText() {
    StringBuilder help =
        new StringBuilder(
            """
            Usage: agent-runtime [options]

              --host ADDRESS       address to listen on (127.0.0.1)
              --port PORT          port to listen on (3001); 0 takes a free one
              --data-dir FOLDER    the server's own files: API key, stored sessions, sandboxes
              --sandbox ID         auto (an isolating one that answers), docker, local, ...
              --model scripted     agents talk to a scripted model in this process: no key, no cost
              --profiles FOLDER    agent profiles in YAML or JSON
              --log-level LEVEL    debug, info, warn or error (info)
              --log-format FORMAT  plain or json (plain)
              --config FILE        settings below agent-runtime: in YAML
              --help               this text

            Every setting can stand in the file, as -Dagent-runtime.NAME=VALUE, or in the
            environment; NAME_FILE gives a secret (also of a provider, such as
            ANTHROPIC_API_KEY_FILE) in a file. Settings of providers are
            agent-runtime.<sandbox|persistence|architecture>.<id>.<key>.

            """);
    for (Setting setting : Setting.values()) {
      help.append("  ").append(setting.variable());
      setting.defaultValue().ifPresent(value -> help.append('=').append(value));
      help.append("\n      ").append(setting.meaning()).append('\n');
    }
    help.append("\n  Transport of sockets: ");
    help.append(String.join(", ", new TreeSet<>(SettingKeys.ofGateway()))).append('\n');
    return help.toString();
  }
}
