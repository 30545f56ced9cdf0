// SPDX-License-Identifier: MIT

package io.agentruntime.architecture.claude;

import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import io.agentruntime.model.profile.AgentProfile;
import io.agentruntime.model.profile.Plugin;
import io.agentruntime.spi.architecture.SetupCommand;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Plugins, installed by the program's own commands; nothing of them passes through a shell. */
final class Plugins {
  private static final Duration TIMEOUT = Duration.ofMinutes(5);
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}");
  private static final Pattern REPOSITORY =
      Pattern.compile("[A-Za-z0-9_.][A-Za-z0-9_.-]*/[A-Za-z0-9_.][A-Za-z0-9_.@#/-]*");

  private Plugins() {}

  static List<SetupCommand> install(AgentProfile profile, ClaudePaths paths) {
    Map<String, String> marketplaces = new LinkedHashMap<>();
    List<String> plugins = new ArrayList<>();
    for (int i = 0; i < profile.plugins().size(); i++) {
      Plugin plugin = profile.plugins().get(i);
      String field = "profile.plugins[" + i + "]";
      String marketplace = text(plugin.marketplace(), "name");
      if (!matches(NAME, plugin.name()) || !matches(NAME, marketplace)) {
        throw AgentRuntimeException.invalid(field, "a plugin name and a marketplace name");
      }
      marketplaces.put(marketplace, source(plugin, field));
      plugins.add(plugin.name() + "@" + marketplace);
    }
    List<SetupCommand> commands = new ArrayList<>();
    marketplaces.forEach(
        (name, source) ->
            commands.add(
                command(
                    "Adding the plugin marketplace " + name,
                    List.of("claude", "plugin", "marketplace", "add", source),
                    paths)));
    plugins.forEach(
        plugin ->
            commands.add(
                command(
                    "Installing the plugin " + plugin,
                    List.of("claude", "plugin", "install", plugin),
                    paths)));
    return commands;
  }

  private static SetupCommand command(String description, List<String> command, ClaudePaths paths) {
    return new SetupCommand(description, command, paths.sandbox().workspace(), TIMEOUT);
  }

  /** What the program takes as the marketplace's source; never something it reads as an option. */
  private static String source(Plugin plugin, String field) {
    Map<String, Object> marketplace = plugin.marketplace();
    String type = String.valueOf(text(marketplace, "type"));
    return switch (type) {
      case "github" -> {
        String repository = text(marketplace, "repo");
        String owner = text(marketplace, "owner");
        String whole =
            repository != null && owner != null && repository.indexOf('/') < 0
                ? owner + "/" + repository
                : repository;
        yield require(whole, REPOSITORY, field + ".marketplace.repo", "owner/repository");
      }
      case "url" ->
          require(
              text(marketplace, "url"),
              Pattern.compile("https?://\\S+"),
              field + ".marketplace.url",
              "an http or https URL");
      case "local" ->
          require(
              text(marketplace, "path"),
              Pattern.compile("/[^\\x00]*"),
              field + ".marketplace.path",
              "an absolute path in the sandbox");
      default ->
          throw new AgentRuntimeException(
              StandardError.PROFILE_FIELD_UNSUPPORTED,
              field + ".marketplace.type: '" + type + "' is none of github, url and local");
    };
  }

  private static String require(
      @Nullable String value, Pattern pattern, String field, String expected) {
    if (value == null || !pattern.matcher(value).matches()) {
      throw AgentRuntimeException.invalid(field, expected);
    }
    return value;
  }

  private static boolean matches(Pattern pattern, @Nullable String value) {
    return value != null && pattern.matcher(value).matches();
  }

  private static @Nullable String text(Map<String, Object> map, String key) {
    return map.get(key) instanceof String text ? text : null;
  }
}
