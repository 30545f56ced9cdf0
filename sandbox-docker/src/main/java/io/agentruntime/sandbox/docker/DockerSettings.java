// SPDX-License-Identifier: MIT

package io.agentruntime.sandbox.docker;

import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import io.agentruntime.spi.ProviderContext;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The provider's settings, checked. The keys are the kebab-case forms of the components, {@code
 * host} being {@code address}.
 *
 * @param address where the engine listens
 * @param image what sandboxes start from
 * @param build whether a missing image is built; by default unless another image was named
 * @param baseImage what it is built from; null for {@link ImageBuild}'s choice
 * @param caBundle certificates to trust while building; null for this machine's
 * @param keepCa whether sandboxes trust them, too
 * @param memoryBytes memory, spool included
 * @param cpus processors
 * @param maxProcesses processes and threads
 * @param readOnly whether all but workspace, home, scratch and /tmp is read-only
 * @param network {@code isolated}: the outside and this host, but not other sandboxes; {@code
 *     none}; or the name of a network of the engine, like {@code bridge}, where sandboxes reach
 *     each other
 * @param spoolBytes size of the memory file system that holds what processes print
 * @param tmpBytes size of the memory file system on /tmp with a read-only root
 * @param runtime the engine's OCI runtime, for instance {@code runsc}; null for its default
 * @param connectTimeout how long connecting may take
 * @param requestTimeout how long the engine may be silent within a request
 */
record DockerSettings(
    EngineAddress address,
    String image,
    boolean build,
    @Nullable String baseImage,
    @Nullable Path caBundle,
    boolean keepCa,
    long memoryBytes,
    double cpus,
    int maxProcesses,
    boolean readOnly,
    String network,
    long spoolBytes,
    long tmpBytes,
    @Nullable String runtime,
    Duration connectTimeout,
    Duration requestTimeout) {
  static final String DEFAULT_HOST = "unix:///var/run/docker.sock";
  static final String DEFAULT_IMAGE = "agent-runtime-sandbox:local";

  static final Set<String> KEYS =
      Set.of(
          "host",
          "image",
          "build",
          "base-image",
          "ca-bundle",
          "keep-ca",
          "memory",
          "cpus",
          "max-processes",
          "read-only",
          "network",
          "spool-size",
          "tmp-size",
          "runtime",
          "connect-timeout",
          "request-timeout");

  private static final long KIB = 1024;
  private static final long MIB = 1024 * KIB;

  /**
   * Reads the settings.
   *
   * @param context the provider's own settings
   * @param environment the server's environment: {@code DOCKER_HOST} and {@code
   *     AGENT_RUNTIME_BASE_IMAGE} stand in for {@code host} and {@code base-image}
   * @throws AgentRuntimeException {@code CONFIGURATION}, naming the key
   */
  static DockerSettings read(ProviderContext context, Map<String, String> environment) {
    Set<String> unknown = new TreeSet<>(context.settingKeys());
    unknown.removeAll(KEYS);
    if (!unknown.isEmpty()) {
      throw new AgentRuntimeException(
          StandardError.CONFIGURATION,
          "Docker sandboxes have no setting " + unknown + "; known: " + new TreeSet<>(KEYS));
    }
    Reader reader = new Reader(context);
    String image = reader.text("image").orElse(DEFAULT_IMAGE);
    DockerSettings settings =
        new DockerSettings(
            EngineAddress.parse(
                reader
                    .text("host")
                    .or(() -> variable(environment, "DOCKER_HOST"))
                    .orElse(DEFAULT_HOST)),
            image,
            // Nobody knows what is in an image that somebody named.
            reader.oneOf(
                "build", Map.of("auto", true, "never", false), image.equals(DEFAULT_IMAGE)),
            reader
                .text("base-image")
                .or(() -> variable(environment, "AGENT_RUNTIME_BASE_IMAGE"))
                .orElse(null),
            reader.text("ca-bundle").map(Path::of).orElse(null),
            reader.flag("keep-ca", false),
            reader.size("memory", 2048 * MIB),
            reader.read("cpus", "a number over 0", 2.0, Reader::positive),
            reader.read("max-processes", "a whole number over 9", 512, Reader::processes),
            reader.flag("read-only", false),
            reader.text("network").orElse(Networks.ISOLATED),
            reader.size("spool-size", 256 * MIB),
            reader.size("tmp-size", 256 * MIB),
            reader.text("runtime").orElse(null),
            reader.duration("connect-timeout", Duration.ofSeconds(5)),
            reader.duration("request-timeout", Duration.ofSeconds(30)));
    settings.check();
    return settings;
  }

  private void check() {
    if (network.equals("host") || network.startsWith("container:")) {
      throw invalid(
          "network",
          "'isolated', 'none' or a network's name: '"
              + network
              + "' would share"
              + " the network of others with the agent");
    }
    if (spoolBytes >= memoryBytes) {
      throw invalid("spool-size", "less than memory, as it is taken from it");
    }
  }

  private static Optional<String> variable(Map<String, String> environment, String name) {
    return Optional.ofNullable(environment.get(name)).filter(text -> !text.isBlank());
  }

  private static AgentRuntimeException invalid(String key, String expected) {
    return new AgentRuntimeException(
        StandardError.CONFIGURATION, "Docker setting " + key + ": expected " + expected);
  }

  /** Reads single settings. */
  private record Reader(ProviderContext context) {
    Optional<String> text(String key) {
      return context.setting(key).map(String::strip).filter(text -> !text.isEmpty());
    }

    <T> T read(String key, String expected, T otherwise, Function<String, @Nullable T> reading) {
      Optional<String> text = text(key);
      if (text.isEmpty()) {
        return otherwise;
      }
      try {
        T value = reading.apply(text.get());
        if (value != null) {
          return value;
        }
      } catch (NumberFormatException e) {
        throw new AgentRuntimeException(
            StandardError.CONFIGURATION,
            "Docker setting " + key + ": expected " + expected + ", not '" + text.get() + "'",
            e);
      }
      throw invalid(key, expected + ", not '" + text.get() + "'");
    }

    <T> T oneOf(String key, Map<String, T> values, T otherwise) {
      return read(key, "one of " + new TreeSet<>(values.keySet()), otherwise, values::get);
    }

    boolean flag(String key, boolean otherwise) {
      return oneOf(key, Map.of("true", true, "false", false), otherwise);
    }

    long size(String key, long otherwise) {
      return read(key, "a size of at least 8m, like 512m or 2g", otherwise, Reader::bytes);
    }

    Duration duration(String key, Duration otherwise) {
      return read(key, "a duration like 500ms, 30s or 2m", otherwise, Reader::time);
    }

    private static @Nullable Double positive(String text) {
      double value = Double.parseDouble(text);
      return value > 0 && value <= 1024 ? value : null;
    }

    private static @Nullable Integer processes(String text) {
      int value = Integer.parseInt(text);
      return value > 9 ? value : null;
    }

    private static @Nullable Long bytes(String text) {
      long unit =
          switch (text.charAt(text.length() - 1)) {
            case 'k', 'K' -> KIB;
            case 'm', 'M' -> MIB;
            case 'g', 'G' -> 1024 * MIB;
            default -> 1;
          };
      long count = Long.parseLong(unit == 1 ? text : text.substring(0, text.length() - 1).strip());
      return count > 0 && count <= Long.MAX_VALUE / unit && count * unit >= 8 * MIB
          ? Long.valueOf(count * unit)
          : null;
    }

    private static @Nullable Duration time(String text) {
      String number = text.replaceFirst("(ms|s|m)$", "");
      Duration value =
          switch (text.substring(number.length())) {
            case "ms" -> Duration.ofMillis(Long.parseLong(number));
            case "s" -> Duration.ofSeconds(Long.parseLong(number));
            case "m" -> Duration.ofMinutes(Long.parseLong(number));
            default -> Duration.ZERO;
          };
      return value.isPositive() && value.compareTo(Duration.ofHours(1)) <= 0 ? value : null;
    }
  }
}
