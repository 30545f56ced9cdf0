// SPDX-License-Identifier: MIT

package io.agentruntime.app.config;

import io.agentruntime.app.gateway.engine.GatewayOptions;
import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The names of all settings, and how a name in a file, in the environment or on the command line
 * becomes one of them.
 *
 * <p>A name is written below {@code agent-runtime.} in kebab case. Camel case means the same
 * ({@code idleTimeoutMs}). Settings of providers are {@code <kind>.<id>.<key>}; their keys are the
 * provider's business. Immutable.
 */
final class SettingKeys {
  static final String PREFIX = "agent-runtime.";
  static final String ENVIRONMENT_PREFIX = "AGENT_RUNTIME_";

  /** Variables of the launcher and of builds, which share the prefix but are no settings. */
  private static final Set<String> LAUNCHER =
      Set.of(
          "home",
          "providers",
          "provider_places",
          "java_opts",
          "base_image",
          "require",
          "config",
          "image",
          "isolated",
          "claude",
          "gemini",
          "opencode");

  /** Secrets that a provider reads by itself, which share the prefix but are no settings. */
  private static final Set<String> SECRETS = Set.of("jdbc_password", "jdbc_password_file");

  /** Settings that the transport of sockets reads by itself. */
  private static final Set<String> GATEWAY =
      Arrays.stream(GatewayOptions.class.getRecordComponents())
          .map(component -> "gateway." + kebab(component.getName()))
          .collect(Collectors.toCollection(TreeSet::new));

  private final Map<String, Set<String>> providerIds;

  /**
   * Knows these providers.
   *
   * @param providerIds ids by kind: {@code sandbox}, {@code persistence}, {@code architecture}
   */
  SettingKeys(Map<String, Set<String>> providerIds) {
    this.providerIds = providerIds;
  }

  /**
   * The key that a name below the prefix stands for.
   *
   * @param shown the name as its author wrote it, for the message
   */
  String ofName(String name, String shown) {
    String kebab = kebab(name);
    if (Setting.named(kebab).isPresent() || GATEWAY.contains(kebab)) {
      return kebab;
    }
    if (isOfProvider(kebab)) {
      return kebab;
    }
    for (Map.Entry<String, Set<String>> kind : providerIds.entrySet()) {
      if (kebab.startsWith(kind.getKey() + '.')) {
        throw unknown(shown, "no such " + kind.getKey() + " provider; found: " + kind.getValue());
      }
    }
    throw unknown(shown, "see --help for all settings");
  }

  /** Whether a key is a setting of a provider that is there. */
  boolean isOfProvider(String key) {
    for (Map.Entry<String, Set<String>> kind : providerIds.entrySet()) {
      for (String id : kind.getValue()) {
        String prefix = kind.getKey() + '.' + id + '.';
        if (key.startsWith(prefix) && key.length() > prefix.length()) {
          return true;
        }
      }
    }
    return false;
  }

  /** The key that an environment variable stands for, empty when it is none of ours. */
  Optional<String> ofVariable(String variable) {
    if (!variable.startsWith(ENVIRONMENT_PREFIX)) {
      return Optional.empty();
    }
    String name = variable.substring(ENVIRONMENT_PREFIX.length()).toLowerCase(Locale.ROOT);
    if (LAUNCHER.contains(name) || SECRETS.contains(name)) {
      return Optional.empty();
    }
    for (Setting setting : Setting.values()) {
      if (flat(setting.key()).equals(name)) {
        return Optional.of(setting.key());
      }
    }
    for (String key : GATEWAY) {
      if (flat(key).equals(name)) {
        return Optional.of(key);
      }
    }
    return Optional.of(providerKey(name, variable));
  }

  /** The names of the settings that the transport of sockets reads by itself. */
  static Set<String> ofGateway() {
    return Set.copyOf(GATEWAY);
  }

  private String providerKey(String name, String variable) {
    String found = null;
    int longest = 0;
    for (Map.Entry<String, Set<String>> kind : providerIds.entrySet()) {
      for (String id : kind.getValue()) {
        String prefix = flat(kind.getKey() + '.' + id) + '_';
        if (name.startsWith(prefix)
            && name.length() > prefix.length()
            && prefix.length() > longest) {
          longest = prefix.length();
          found =
              kind.getKey() + '.' + id + '.' + name.substring(prefix.length()).replace('_', '-');
        }
      }
    }
    if (found == null) {
      throw unknown(variable, "see --help for all settings");
    }
    return found;
  }

  private static String flat(String key) {
    return key.replace('.', '_').replace('-', '_');
  }

  /** Camel case becomes kebab case; dots stay. */
  private static String kebab(String name) {
    StringBuilder kebab = new StringBuilder(name.length() + 8);
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (Character.isUpperCase(c)) {
        if (i > 0 && name.charAt(i - 1) != '.' && name.charAt(i - 1) != '-') {
          kebab.append('-');
        }
        kebab.append(Character.toLowerCase(c));
      } else {
        kebab.append(c);
      }
    }
    return kebab.toString();
  }

  private static AgentRuntimeException unknown(String shown, String hint) {
    return new AgentRuntimeException(
        StandardError.CONFIGURATION, "unknown setting '" + shown + "': " + hint);
  }
}
