// SPDX-License-Identifier: MIT

package io.agentruntime.testkit.requirement;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a test finds what it {@link Requires requires} of this machine. Thread-safe; looks at the
 * machine only when asked.
 */
public final class TestMachine {
  private static final String VERSIONS =
      "sandbox-docker/src/main/resources/io/agentruntime/sandbox/docker/image/versions.env";
  private static final int OLDEST_NODE = 20;

  private TestMachine() {}

  /** The engine: {@code DOCKER_HOST}, or the usual socket. */
  public static URI dockerHost() {
    return URI.create(variable("DOCKER_HOST").orElse("unix:///var/run/docker.sock"));
  }

  /** The image of the agents' sandbox: {@code AGENT_RUNTIME_IMAGE}, or the name it is built as. */
  public static String sandboxImage() {
    return variable("AGENT_RUNTIME_IMAGE").orElse("agent-runtime-sandbox:local");
  }

  /**
   * The image of a database server: what {@code build/database-images} makes.
   *
   * @param database {@code postgresql} or {@code mariadb}
   */
  public static String databaseImage(String database) {
    return "agent-runtime-" + database + ":local";
  }

  /**
   * The Claude Code program: {@code AGENT_RUNTIME_CLAUDE}, or where {@code build/agent-program}
   * installs the pinned version.
   *
   * @throws IllegalStateException if neither is known, as outside of a source checkout
   */
  public static Path claude() {
    return variable("AGENT_RUNTIME_CLAUDE")
        .map(Path::of)
        .or(() -> checkout().map(root -> installedIn(root, "claude", "CLAUDE_VERSION")))
        .orElseThrow(
            () -> new IllegalStateException("Set AGENT_RUNTIME_CLAUDE to the claude program"));
  }

  /**
   * The Gemini CLI program: {@code AGENT_RUNTIME_GEMINI}, or where {@code build/agent-program}
   * installs the pinned version. It needs {@code node} on the path.
   *
   * @throws IllegalStateException if neither is known, as outside of a source checkout
   */
  public static Path gemini() {
    return variable("AGENT_RUNTIME_GEMINI")
        .map(Path::of)
        .or(() -> checkout().map(root -> installedIn(root, "gemini", "GEMINI_VERSION")))
        .orElseThrow(
            () -> new IllegalStateException("Set AGENT_RUNTIME_GEMINI to the gemini program"));
  }

  /**
   * The OpenCode program: {@code AGENT_RUNTIME_OPENCODE}, or where {@code build/agent-program}
   * installs the pinned version.
   *
   * @throws IllegalStateException if neither is known, as outside of a source checkout
   */
  public static Path openCode() {
    return variable("AGENT_RUNTIME_OPENCODE")
        .map(Path::of)
        .or(() -> checkout().map(root -> installedIn(root, "opencode", "OPENCODE_VERSION")))
        .orElseThrow(
            () -> new IllegalStateException("Set AGENT_RUNTIME_OPENCODE to the opencode program"));
  }

  /** The root of the source checkout the tests run in; empty elsewhere. */
  public static Optional<Path> checkout() {
    Path folder = Path.of("").toAbsolutePath();
    while (folder != null && !Files.exists(folder.resolve(VERSIONS))) {
      folder = folder.getParent();
    }
    return Optional.ofNullable(folder);
  }

  static Optional<String> sandboxImageMissing() throws InterruptedException {
    return imageMissing(sandboxImage(), "build/image");
  }

  static Optional<String> databasesMissing() throws InterruptedException {
    for (String database : List.of("postgresql", "mariadb")) {
      Optional<String> missing = imageMissing(databaseImage(database), "build/database-images");
      if (missing.isPresent()) {
        return missing;
      }
    }
    return Optional.empty();
  }

  private static Optional<String> imageMissing(String image, String remedy)
      throws InterruptedException {
    URI engine = dockerHost();
    try {
      int status = Probe.status(engine, "/images/" + image + "/json");
      return switch (status) {
        case 200 -> Optional.empty();
        case 404 -> Optional.of("no image " + image + " at " + engine + "; run " + remedy);
        default -> Optional.of("the Docker engine at " + engine + " answers with " + status);
      };
    } catch (IOException | UnsupportedOperationException e) {
      return Optional.of("no Docker engine at " + engine + ": " + e.getMessage());
    }
  }

  static Optional<String> mountMissing() throws InterruptedException {
    try {
      Path folder = Files.createTempDirectory("agent-runtime-mount");
      try {
        Probe.firstLineOf(
            List.of("mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", folder.toString()));
        Probe.firstLineOf(List.of("umount", folder.toString()));
        return Optional.empty();
      } finally {
        Files.delete(folder);
      }
    } catch (IOException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  static Optional<String> claudeMissing() throws InterruptedException {
    return programMissing("claude", "CLAUDE_VERSION", TestMachine::claude);
  }

  static Optional<String> geminiMissing() throws InterruptedException {
    return programMissing("gemini", "GEMINI_VERSION", TestMachine::gemini);
  }

  static Optional<String> openCodeMissing() throws InterruptedException {
    return programMissing("opencode", "OPENCODE_VERSION", TestMachine::openCode);
  }

  private static Optional<String> programMissing(String name, String key, Supplier<Path> where)
      throws InterruptedException {
    try {
      Path program = where.get();
      if (!Files.isExecutable(program)) {
        return Optional.of(program + " is not installed; run build/agent-program " + name);
      }
      String found = Probe.firstLineOf(List.of(program.toString(), "--version"));
      Optional<String> pinned = checkout().map(root -> pinned(root, key));
      return pinned
          .filter(version -> !found.equals(version) && !found.startsWith(version + " "))
          .map(version -> program + " is " + found + ", not " + version);
    } catch (IOException | IllegalStateException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  static Optional<String> nodeMissing() throws InterruptedException {
    try {
      String found = Probe.firstLineOf(List.of("node", "--version"));
      Matcher version = Pattern.compile("v([0-9]+)\\..*").matcher(found);
      if (!version.matches() || Integer.parseInt(version.group(1)) < OLDEST_NODE) {
        return Optional.of("node is " + found + ", older than " + OLDEST_NODE);
      }
      Probe.firstLineOf(List.of("npm", "--version"));
      return Optional.empty();
    } catch (IOException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  static Optional<String> bubblewrapMissing() throws InterruptedException {
    try {
      Probe.firstLineOf(List.of("bwrap", "--unshare-all", "--ro-bind", "/", "/", "true"));
      return Optional.empty();
    } catch (IOException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  private static Path installedIn(Path root, String name, String key) {
    return root.resolve(".runtime/agents/" + name + "-" + pinned(root, key) + "/" + name);
  }

  private static String pinned(Path root, String key) {
    Properties versions = new Properties();
    try (var in = Files.newInputStream(root.resolve(VERSIONS))) {
      versions.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read the pinned versions", e);
    }
    return Objects.requireNonNull(versions.getProperty(key), key + " is not pinned");
  }

  private static Optional<String> variable(String name) {
    return Optional.ofNullable(System.getenv(name)).filter(value -> !value.isBlank());
  }
}
