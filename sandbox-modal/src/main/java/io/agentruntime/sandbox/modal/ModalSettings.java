// SPDX-License-Identifier: MIT

package io.agentruntime.sandbox.modal;

import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import io.agentruntime.sandbox.modal.wire.NetworkAccess.NetworkAccessType;
import io.agentruntime.spi.ProviderContext;
import io.agentruntime.spi.Secret;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The provider's settings, checked. Keys are the kebab-case forms of the components.
 *
 * @param credentials null when there are none, which makes the provider refuse everything
 * @param serverUrl the control plane; {@code http} is without TLS, command routers then, too
 * @param environment Modal's environment; empty for the account's default
 * @param app the app that sandboxes belong to; created when missing
 * @param backend which kind of sandboxes to create
 * @param image a tag at a registry, or the id of an image at Modal
 * @param build whether the agents' programs are added to the image
 * @param instructions of a Dockerfile, added to the image
 * @param builderVersion Modal's image builder; null for the environment's
 * @param ports which ports can be reached from outside
 * @param regions where sandboxes may run; empty for anywhere
 * @param memoryBytes memory
 * @param cpus processors
 * @param timeout how long a sandbox may live
 * @param idleTimeout how long it may be idle; null for ever
 * @param network what can be reached from inside
 * @param allowedDomains what is reachable with an allow-list
 * @param allowedCidrs what is reachable with an allow-list
 * @param caBundle certificates to trust beside Java's own, PEM; null for none
 * @param streamsPerConnection how many calls share a connection
 * @param connections how many connections a server gets
 * @param connectTimeout how long connecting may take
 * @param requestTimeout how long a call may take
 * @param throttleWait how long to wait in all when Modal asks to slow down
 */
record ModalSettings(
    @Nullable Credentials credentials,
    URI serverUrl,
    String environment,
    String app,
    Backend backend,
    String image,
    boolean build,
    List<String> instructions,
    @Nullable String builderVersion,
    List<Integer> ports,
    List<String> regions,
    long memoryBytes,
    double cpus,
    Duration timeout,
    @Nullable Duration idleTimeout,
    NetworkAccessType network,
    List<String> allowedDomains,
    List<String> allowedCidrs,
    @Nullable Path caBundle,
    int streamsPerConnection,
    int connections,
    Duration connectTimeout,
    Duration requestTimeout,
    Duration throttleWait) {
  static final String DEFAULT_URL = "https://api.modal.com:443";
  static final String DEFAULT_IMAGE = "node:24-bookworm-slim";

  static final Set<String> KEYS =
      Set.of(
          "server-url",
          "environment",
          "app",
          "profile",
          "backend",
          "image",
          "build",
          "dockerfile",
          "builder-version",
          "ports",
          "regions",
          "memory",
          "cpus",
          "timeout",
          "idle-timeout",
          "network",
          "allowed-domains",
          "allowed-cidrs",
          "ca-bundle",
          "streams-per-connection",
          "connections",
          "connect-timeout",
          "request-timeout",
          "throttle-wait");

  private static final Duration DAY = Duration.ofHours(24);
  private static final Duration NONE = Duration.ZERO;

  /**
   * A pair of tokens.
   *
   * @param id begins with {@code ak-}
   * @param secret begins with {@code as-}
   */
  record Credentials(Secret id, Secret secret) {}

  /**
   * Reads the settings.
   *
   * @param context the provider's own settings, and the tokens as secrets
   * @param variables the server's environment: the variables of Modal's own tools stand in for
   *     settings
   * @throws AgentRuntimeException {@code CONFIGURATION}, naming the key
   */
  static ModalSettings read(ProviderContext context, Map<String, String> variables) {
    Set<String> unknown = new TreeSet<>(context.settingKeys());
    unknown.removeAll(KEYS);
    if (!unknown.isEmpty()) {
      throw new AgentRuntimeException(
          StandardError.CONFIGURATION,
          "Modal sandboxes have no setting " + unknown + "; known: " + new TreeSet<>(KEYS));
    }
    SettingReader reader = new SettingReader(context);
    Map<String, String> profile = profile(reader, variables);
    String image = reader.text("image").orElse(DEFAULT_IMAGE);
    Duration idle = reader.duration("idle-timeout", DAY, NONE);
    ModalSettings settings =
        new ModalSettings(
            credentials(context, profile),
            url(text(reader, "server-url", variables, "MODAL_SERVER_URL", profile, DEFAULT_URL)),
            text(reader, "environment", variables, "MODAL_ENVIRONMENT", profile, ""),
            name(reader.text("app").orElse("agent-runtime")),
            reader.oneOf("backend", Map.of("v1", Backend.V1, "v2", Backend.V2), backend(variables)),
            image,
            // Nobody knows what is in an image that somebody named.
            reader.oneOf(
                "build", Map.of("auto", true, "never", false), image.equals(DEFAULT_IMAGE)),
            reader.text("dockerfile").map(ImageRecipe::instructions).orElse(List.of()),
            reader
                .text("builder-version")
                .or(() -> variable(variables, "MODAL_IMAGE_BUILDER_VERSION"))
                .orElse(null),
            reader.list("ports").stream().map(ModalSettings::port).toList(),
            reader.list("regions"),
            reader.size("memory", 2048L << 20),
            reader.read("cpus", "a number over 0", 2.0, ModalSettings::cpus),
            reader.duration("timeout", DAY, DAY),
            idle.isZero() ? null : idle,
            reader.oneOf(
                "network",
                Map.of(
                    "open", NetworkAccessType.OPEN,
                    "none", NetworkAccessType.BLOCKED,
                    "allowlist", NetworkAccessType.ALLOWLIST),
                NetworkAccessType.OPEN),
            reader.list("allowed-domains"),
            reader.list("allowed-cidrs"),
            reader.text("ca-bundle").map(Path::of).orElse(null),
            reader.number("streams-per-connection", 1, 100, 8),
            reader.number("connections", 1, 1000, 64),
            reader.duration("connect-timeout", DAY, Duration.ofSeconds(10)),
            reader.duration("request-timeout", DAY, Duration.ofSeconds(60)),
            reader.duration("throttle-wait", DAY, throttleWait(variables)));
    settings.check();
    return settings;
  }

  /** The tokens. */
  Credentials requireCredentials() {
    if (credentials == null) {
      throw new AgentRuntimeException(
          StandardError.CONFIGURATION,
          "Modal sandboxes need MODAL_TOKEN_ID and MODAL_TOKEN_SECRET, or a profile in"
              + " ~/.modal.toml (modal token new makes one)");
    }
    return credentials;
  }

  private void check() {
    boolean listed = !allowedDomains.isEmpty() || !allowedCidrs.isEmpty();
    if (listed != (network == NetworkAccessType.ALLOWLIST)) {
      throw SettingReader.invalid(
          "network",
          "allowlist together with allowed-domains or allowed-cidrs, and neither without it",
          null);
    }
  }

  private static Map<String, String> profile(SettingReader reader, Map<String, String> variables) {
    Path path =
        variable(variables, "MODAL_CONFIG_PATH")
            .map(Path::of)
            .orElseGet(() -> Path.of(variables.getOrDefault("HOME", "/"), ".modal.toml"));
    String name =
        reader.text("profile").or(() -> variable(variables, "MODAL_PROFILE")).orElse(null);
    return ProfileFile.read(path).profile(name);
  }

  private static @Nullable Credentials credentials(
      ProviderContext context, Map<String, String> profile) {
    Secret id = secret(context, "MODAL_TOKEN_ID", profile);
    Secret secret = secret(context, "MODAL_TOKEN_SECRET", profile);
    if ((id == null) != (secret == null)) {
      throw new AgentRuntimeException(
          StandardError.CONFIGURATION,
          "Modal needs MODAL_TOKEN_ID and MODAL_TOKEN_SECRET together; only "
              + (id == null ? "MODAL_TOKEN_SECRET" : "MODAL_TOKEN_ID")
              + " is set");
    }
    return id == null || secret == null ? null : new Credentials(id, secret);
  }

  private static @Nullable Secret secret(
      ProviderContext context, String name, Map<String, String> profile) {
    String key = name.substring("MODAL_".length()).toLowerCase(java.util.Locale.ROOT);
    return context
        .secret(name)
        .or(() -> Optional.ofNullable(profile.get(key)).map(Secret::of))
        .filter(value -> !value.reveal().isBlank())
        .map(value -> Secret.of(value.reveal().strip()))
        .orElse(null);
  }

  private static String text(
      SettingReader reader,
      String key,
      Map<String, String> variables,
      String variable,
      Map<String, String> profile,
      String otherwise) {
    Supplier<Optional<String>> ofProfile =
        () -> Optional.ofNullable(profile.get(key.replace('-', '_')));
    return reader.text(key).or(() -> variable(variables, variable)).or(ofProfile).orElse(otherwise);
  }

  private static Backend backend(Map<String, String> variables) {
    String wish = variable(variables, "MODAL_SANDBOX_V2").orElse("1");
    return Set.of("0", "false").contains(wish) ? Backend.V1 : Backend.V2;
  }

  private static Duration throttleWait(Map<String, String> variables) {
    return variable(variables, "MODAL_MAX_THROTTLE_WAIT")
        .filter(text -> text.matches("[0-9]{1,9}"))
        .map(text -> Duration.ofSeconds(Long.parseLong(text)))
        .orElse(Duration.ofMinutes(5));
  }

  private static Optional<String> variable(Map<String, String> variables, String name) {
    return Optional.ofNullable(variables.get(name)).map(String::strip).filter(t -> !t.isEmpty());
  }

  private static URI url(String text) {
    try {
      URI url = new URI(text.endsWith("/") ? text : text + "/");
      if (Set.of("http", "https").contains(String.valueOf(url.getScheme()))
          && url.getHost() != null
          && "/".equals(url.getPath())) {
        return url;
      }
      throw SettingReader.invalid("server-url", "https://HOST:PORT, not '" + text + "'", null);
    } catch (URISyntaxException e) {
      throw SettingReader.invalid("server-url", "https://HOST:PORT, not '" + text + "'", e);
    }
  }

  private static String name(String text) {
    if (!text.matches("[A-Za-z0-9._-]{1,64}")) {
      throw SettingReader.invalid("app", "up to 64 of A-Z a-z 0-9 - _ ., not '" + text + "'", null);
    }
    return text;
  }

  private static int port(String text) {
    if (!text.matches("[0-9]{1,5}")
        || Integer.parseInt(text) < 1
        || Integer.parseInt(text) > 65535) {
      throw SettingReader.invalid("ports", "numbers from 1 to 65535, not '" + text + "'", null);
    }
    return Integer.parseInt(text);
  }

  private static @Nullable Double cpus(String text) {
    double value = Double.parseDouble(text);
    return value > 0 && value <= 1024 ? value : null;
  }
}
