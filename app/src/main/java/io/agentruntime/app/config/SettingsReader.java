// SPDX-License-Identifier: MIT

package io.agentruntime.app.config;

import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

/**
 * Collects settings: a YAML file, the environment, system properties, the command line; later ones
 * win. One thread at a time.
 *
 * <p>A name that nobody knows is an error that shows it, whatever the place: a misspelled limit
 * must not silently be no limit.
 */
final class SettingsReader {
  private final SettingKeys keys;
  private final Map<String, Settings.Value> values = new LinkedHashMap<>();

  SettingsReader(SettingKeys keys) {
    this.keys = keys;
  }

  /** Settings of providers that the launcher knows; of those only that are there. */
  SettingsReader launcher(Map<String, String> settings) {
    settings.forEach(
        (key, text) -> {
          if (keys.isOfProvider(key)) {
            values.put(key, new Settings.Value(text, "the launcher's " + key));
          }
        });
    return this;
  }

  /** Settings under {@code agent-runtime:} in a YAML file, nested or with dots. */
  SettingsReader file(Path file) {
    LoaderOptions options = new LoaderOptions();
    options.setAllowDuplicateKeys(false);
    try (Reader reader = Files.newBufferedReader(file)) {
      Object document = new Yaml(new SafeConstructor(options)).load(reader);
      if (document != null) {
        flatten("", document, file);
      }
      return this;
    } catch (IOException e) {
      throw new AgentRuntimeException(
          StandardError.CONFIGURATION, "configuration file " + file + " cannot be read", e);
    } catch (YAMLException e) {
      // The parser's own message quotes the file, which may hold secrets.
      throw new AgentRuntimeException(
          StandardError.CONFIGURATION, "configuration file " + file + " is not valid YAML");
    }
  }

  private void flatten(String path, Object node, Path file) {
    switch (node) {
      case Map<?, ?> map ->
          map.forEach(
              (key, value) -> {
                String below = path.isEmpty() ? String.valueOf(key) : path + '.' + key;
                if (value != null) {
                  flatten(below, value, file);
                }
              });
      case List<?> list ->
          put(
              path,
              list.stream().map(String::valueOf).collect(Collectors.joining(",")),
              path + "' in '" + file);
      default -> put(path, String.valueOf(node), path + "' in '" + file);
    }
  }

  private void put(String path, String text, String shown) {
    if (!path.startsWith(SettingKeys.PREFIX)) {
      throw new AgentRuntimeException(
          StandardError.CONFIGURATION,
          "unknown setting '" + shown + "': all settings are below " + SettingKeys.PREFIX);
    }
    String name = path.substring(SettingKeys.PREFIX.length());
    // In a file, a provider is chosen beside its own settings.
    String unambiguous = name.endsWith(".provider") ? name.replace(".provider", "") : name;
    values.put(keys.ofName(unambiguous, shown), new Settings.Value(text, shown));
  }

  /** Environment variables {@code AGENT_RUNTIME_…}; an empty one counts as not set. */
  SettingsReader environment(Map<String, String> environment) {
    environment.forEach(
        (name, text) -> {
          if (!text.isEmpty()) {
            keys.ofVariable(name).ifPresent(key -> values.put(key, new Settings.Value(text, name)));
          }
        });
    return this;
  }

  /** System properties {@code agent-runtime.…}. */
  SettingsReader properties(Properties properties) {
    for (String name : properties.stringPropertyNames()) {
      if (name.startsWith(SettingKeys.PREFIX)) {
        put(name, properties.getProperty(name), name);
      }
    }
    return this;
  }

  /** Options of the command line. */
  SettingsReader options(Map<String, Settings.Value> options) {
    options.forEach((key, value) -> values.put(keys.ofName(key, value.source()), value));
    return this;
  }

  Settings read() {
    return new Settings(values);
  }
}
