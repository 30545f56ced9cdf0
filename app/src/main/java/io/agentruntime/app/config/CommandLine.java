// SPDX-License-Identifier: MIT

package io.agentruntime.app.config;

import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The server's command line.
 *
 * @param options settings that it gives, by their keys below the prefix
 * @param configFile the file named by {@code --config}, if any
 * @param help whether help was asked for
 */
record CommandLine(Map<String, Settings.Value> options, @Nullable Path configFile, boolean help) {
  private static final String JDBC = "jdbc";
  private static final String JDBC_URL = "persistence.jdbc.url";
  private static final Map<String, String> KEYS =
      Map.of(
          "--host", Setting.HOST.key(),
          "--port", Setting.PORT.key(),
          "--data-dir", Setting.DATA_DIR.key(),
          "--sandbox", Setting.SANDBOX.key(),
          "--persistence", Setting.PERSISTENCE.key(),
          "--database", JDBC_URL,
          "--model", Setting.MODEL.key(),
          "--profiles", Setting.PROFILES_DIR.key(),
          "--log-level", Setting.LOG_LEVEL.key(),
          "--log-format", Setting.LOG_FORMAT.key());

  CommandLine {
    options = Map.copyOf(options);
  }

  /** Reads {@code --name value} and {@code --name=value}. */
  static CommandLine read(List<String> arguments) {
    Map<String, Settings.Value> options = new LinkedHashMap<>();
    Path configFile = null;
    for (int i = 0; i < arguments.size(); i++) {
      String argument = arguments.get(i);
      if (argument.equals("--help") || argument.equals("-h")) {
        return new CommandLine(options, null, true);
      }
      int equals = argument.indexOf('=');
      String name = equals < 0 ? argument : argument.substring(0, equals);
      if (!KEYS.containsKey(name) && !name.equals("--config")) {
        throw wrong("unknown option " + name);
      }
      if (equals < 0 && i + 1 == arguments.size()) {
        throw wrong("option " + name + " needs a value");
      }
      String value = equals < 0 ? arguments.get(++i) : argument.substring(equals + 1);
      String key = KEYS.get(name);
      if (key == null) {
        configFile = Path.of(value);
      } else {
        options.put(key, new Settings.Value(value, name));
      }
    }
    chooseDatabase(options);
    return new CommandLine(options, configFile, false);
  }

  /** Whoever names a database means the adapter for it. */
  private static void chooseDatabase(Map<String, Settings.Value> options) {
    if (!options.containsKey(JDBC_URL)) {
      return;
    }
    String key = Setting.PERSISTENCE.key();
    Settings.Value chosen = options.get(key);
    if (chosen == null) {
      options.put(key, new Settings.Value(JDBC, "--database"));
    } else if (!chosen.text().equals(JDBC)) {
      throw wrong("option --database goes with --persistence " + JDBC + " only");
    }
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
              --persistence ID     jdbc (the default: kept in one SQLite file below the data folder,
                                   or in --database), memory (all is gone when the server stops)
              --database URL       jdbc:sqlite:FILE, jdbc:postgresql://HOST/DB,
                                   jdbc:mariadb://HOST/DB or jdbc:h2:file:PATH; means
                                   --persistence jdbc. Passwords are better in the environment:
                                   AGENT_RUNTIME_JDBC_PASSWORD
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
