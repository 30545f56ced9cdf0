// SPDX-License-Identifier: MIT

package io.agentruntime.architecture.opencode;

import io.agentruntime.architecture.support.json.Json;
import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.spi.architecture.Credentials;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Providers of models, and which variables hold their keys. Keys never stand in a file: the
 * configuration refers to variables, and the program reads them from its environment.
 */
final class Providers {
  static final String OPTION = "providers";

  /** Any server that speaks OpenAI's chat API, named by the server's own variables. */
  static final String COMPATIBLE = "openai-compatible";

  /** Some of its models need no key. */
  private static final String KEYLESS = "opencode";

  private static final String PACKAGE = "@ai-sdk/openai-compatible";
  private static final String BASE_URL = "OPENAI_BASE_URL";

  /** The keys of well-known providers, by the provider's id in the program. */
  private static final Map<String, List<String>> KEYS =
      Map.of(
          "opencode",
          List.of("OPENCODE_API_KEY"),
          "anthropic",
          List.of("ANTHROPIC_API_KEY"),
          "openai",
          List.of("OPENAI_API_KEY"),
          COMPATIBLE,
          List.of("OPENAI_API_KEY"),
          "google",
          List.of("GOOGLE_GENERATIVE_AI_API_KEY", "GEMINI_API_KEY"),
          "openrouter",
          List.of("OPENROUTER_API_KEY"),
          "groq",
          List.of("GROQ_API_KEY"),
          "mistral",
          List.of("MISTRAL_API_KEY"),
          "deepseek",
          List.of("DEEPSEEK_API_KEY"),
          "xai",
          List.of("XAI_API_KEY"));

  /**
   * What is said of a model of which nothing is known: that it may see images. If not, its server
   * refuses them aloud, while the program would put a note in their place and go on.
   */
  private static final Map<String, Object> UNKNOWN_MODEL =
      Map.of(
          "attachment",
          true,
          "modalities",
          Map.of("input", List.of("text", "image"), "output", List.of("text")));

  private static final List<String> PROXIES = List.of("HTTPS_PROXY", "HTTP_PROXY", "NO_PROXY");
  private static final Pattern REFERENCE = Pattern.compile("\\{env:([^}]*)\\}");
  private static final Pattern ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");

  private Providers() {}

  /** Every key that an agent of this kind may need. */
  static Credentials all() {
    Set<String> keys = new LinkedHashSet<>();
    KEYS.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(each -> keys.addAll(each.getValue()));
    return credentials(keys, List.of());
  }

  /** The keys of the model's provider and those that the profile's providers name. */
  static Credentials of(OpenCodeOptions options) {
    Set<String> keys = new LinkedHashSet<>(references(options.providers()));
    boolean own = options.providers().containsKey(options.provider());
    List<String> known = own ? List.of() : KEYS.getOrDefault(options.provider(), List.of());
    if (options.provider().equals(KEYLESS)) {
      return credentials(keys, known);
    }
    keys.addAll(known);
    return credentials(keys, List.of());
  }

  private static Credentials credentials(Set<String> keys, List<String> further) {
    List<String> optional = new ArrayList<>(further);
    optional.add(BASE_URL);
    optional.addAll(PROXIES);
    Set<String> secret = new LinkedHashSet<>(keys);
    secret.addAll(further);
    return new Credentials(List.copyOf(keys), secret, optional);
  }

  /** Checks a profile's providers; keys that stand there in full are refused. */
  static Map<String, Object> check(@Nullable Object given) {
    if (given == null) {
      return Map.of();
    }
    if (!(given instanceof Map<?, ?> map)) {
      throw AgentRuntimeException.invalid(OPTION, "an object with one field per provider");
    }
    Map<String, Object> providers = new LinkedHashMap<>();
    map.forEach(
        (id, provider) -> {
          if (!(provider instanceof Map<?, ?>) || !ID.matcher(String.valueOf(id)).matches()) {
            throw AgentRuntimeException.invalid(OPTION + "." + id, "a provider's configuration");
          }
          refuseKeys(OPTION + "." + id, provider);
          providers.put(String.valueOf(id), provider);
        });
    references(providers);
    return providers;
  }

  private static void refuseKeys(String where, Object value) {
    if (value instanceof Map<?, ?> map) {
      map.forEach(
          (name, inner) -> {
            boolean key = String.valueOf(name).equalsIgnoreCase("apiKey");
            if (key && !REFERENCE.matcher(String.valueOf(inner)).matches()) {
              throw AgentRuntimeException.invalid(
                  where + "." + name, "{env:NAME}, never the key itself");
            }
            refuseKeys(where + "." + name, inner);
          });
    } else if (value instanceof List<?> list) {
      list.forEach(inner -> refuseKeys(where, inner));
    }
  }

  /** The variables that a configuration refers to; only keys of models may be asked for. */
  private static Set<String> references(Map<String, Object> providers) {
    Set<String> names = new LinkedHashSet<>();
    Matcher reference = REFERENCE.matcher(Json.write(providers));
    while (reference.find()) {
      String name = reference.group(1);
      if (name.equals(BASE_URL)) {
        continue;
      }
      if (KEYS.values().stream().noneMatch(known -> known.contains(name))) {
        throw AgentRuntimeException.invalid(
            OPTION, "keys of models such as OPENAI_API_KEY, not '" + name + "'");
      }
      names.add(name);
    }
    return names;
  }

  /** The providers of the program's configuration. */
  static Map<String, Object> configuration(OpenCodeOptions options) {
    Map<String, Object> providers = new LinkedHashMap<>(options.providers());
    if (options.provider().equals(COMPATIBLE) && !providers.containsKey(COMPATIBLE)) {
      Map<String, Object> access = new LinkedHashMap<>();
      access.put("baseURL", "{env:" + BASE_URL + "}");
      access.put("apiKey", "{env:OPENAI_API_KEY}");
      Map<String, Object> provider = new LinkedHashMap<>();
      provider.put("npm", PACKAGE);
      provider.put("options", access);
      provider.put("models", Map.of(options.modelId(), UNKNOWN_MODEL));
      providers.put(COMPATIBLE, provider);
    }
    return providers;
  }
}
