// SPDX-License-Identifier: MIT

package io.agentruntime.architecture.acp;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.agentruntime.architecture.support.json.Json;
import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import io.agentruntime.model.profile.AgentProfile;
import io.agentruntime.spi.ProviderContext;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeSet;

/** The server's own settings of the architecture in the form of the option. Stateless. */
final class ServerSettings {
  private static final Map<String, String> OPTIONS = new LinkedHashMap<>();

  static {
    ProgramConfig.KEYS.forEach(key -> OPTIONS.put(kebab(key), key));
  }

  private ServerSettings() {}

  private static String kebab(String camel) {
    StringBuilder kebab = new StringBuilder();
    for (char c : camel.toCharArray()) {
      kebab.append(Character.isUpperCase(c) ? "-" + Character.toLowerCase(c) : String.valueOf(c));
    }
    return kebab.toString();
  }

  /**
   * Reads them: lists and objects are JSON.
   *
   * @throws AgentRuntimeException {@code CONFIGURATION}, naming the setting
   */
  static Map<String, Object> read(ProviderContext context) {
    Map<String, Object> options = new LinkedHashMap<>();
    for (String key : new TreeSet<>(context.settingKeys())) {
      String option = OPTIONS.get(key);
      if (option == null) {
        throw wrong(key, "unknown; known are " + String.join(", ", OPTIONS.keySet()));
      }
      options.put(option, value(key, context.setting(key).orElse("")));
    }
    try {
      // Also without a command: what there is must be well-formed.
      Map<String, Object> complete = new LinkedHashMap<>(options);
      complete.putIfAbsent("command", java.util.List.of("program"));
      ProgramConfig.of(complete, AgentProfile.named("settings", "Settings"), Map.of());
    } catch (AgentRuntimeException e) {
      if (!e.getMessage().startsWith("sessionOptions.model")) {
        throw new AgentRuntimeException(
            StandardError.CONFIGURATION, "architecture.acp: " + e.getMessage(), e);
      }
    }
    return options;
  }

  private static Object value(String key, String text) {
    boolean json = text.startsWith("[") || text.startsWith("{");
    if (!json) {
      return text;
    }
    try {
      JsonNode node = Json.MAPPER.readTree(text);
      return Json.MAPPER.convertValue(node, Object.class);
    } catch (JsonProcessingException e) {
      throw wrong(key, "neither a text nor well-formed JSON");
    }
  }

  private static AgentRuntimeException wrong(String key, String why) {
    return new AgentRuntimeException(
        StandardError.CONFIGURATION, "setting architecture.acp." + key + ": " + why);
  }
}
