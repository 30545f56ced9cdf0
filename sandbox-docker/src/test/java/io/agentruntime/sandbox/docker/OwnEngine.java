// SPDX-License-Identifier: MIT

package io.agentruntime.sandbox.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.agentruntime.testkit.sandbox.SandboxBench;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A Docker engine of the test's own, which it may stop and freeze. Its containers survive a restart
 * of the engine.
 */
final class OwnEngine implements AutoCloseable {
  private final Path folder;
  private @Nullable Process daemon;

  /**
   * Prepares it; skips the test where that is impossible.
   *
   * @param folder short, as the paths of sockets are limited
   */
  OwnEngine(Path folder) {
    assumeTrue(
        "root".equals(System.getProperty("user.name")) && onPath("dockerd") && onPath("unshare"),
        "A second Docker engine needs root and the programs dockerd and unshare");
    this.folder = folder;
  }

  String host() {
    return "unix://" + folder.resolve("docker.sock");
  }

  /** Starts it, or starts it again; returns when it answers. */
  void start() throws Exception {
    daemon =
        new ProcessBuilder(
                // In a network of its own: an engine that is told to have no bridge removes
                // docker0, which here belongs to another engine.
                "unshare",
                "--net",
                "dockerd",
                "--host=" + host(),
                "--data-root=" + folder.resolve("data"),
                "--exec-root=" + folder.resolve("exec"),
                "--pidfile=" + folder.resolve("pid"),
                "--bridge=none",
                "--iptables=false",
                "--live-restore")
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(folder.resolve("log").toFile()))
            .start();
    SandboxBench.await("the engine answers", this::answers);
  }

  /** Stops it; its containers go on. */
  void stop() throws Exception {
    Process running = running();
    running.destroy();
    assertThat(running.waitFor(120, TimeUnit.SECONDS)).as("the engine stops").isTrue();
    daemon = null;
  }

  /** Stops it from doing anything at all, with its socket open. */
  void freeze() throws Exception {
    signal("STOP");
  }

  /** Ends that. */
  void thaw() throws Exception {
    signal("CONT");
  }

  /** Copies an image from the engine of this machine. */
  void copyImage(String name) throws Exception {
    try (EngineConnections from = connections(TestDocker.SETTINGS.getOrDefault("host", ""));
        EngineConnections to = connections(host());
        InputStream image = TestDocker.client(from).saveImageCmd(name).exec()) {
      TestDocker.client(to).loadImageCmd(image).exec();
    }
  }

  @Override
  public void close() throws Exception {
    if (daemon != null) {
      stop();
    }
    // With live-restore the engine leaves its mounts behind.
    Path data = folder.resolve("data");
    if (Files.readString(Path.of("/proc/mounts")).contains(" " + data + " ")) {
      run("umount", data.toString());
    }
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }

  private boolean answers() throws IOException {
    Process running = running();
    if (!running.isAlive()) {
      throw new AssertionError("dockerd ended:\n" + Files.readString(folder.resolve("log")));
    }
    if (!Files.exists(folder.resolve("docker.sock"))) {
      return false;
    }
    try (SocketChannel channel = SocketChannel.open(EngineAddress.parse(host()).socketAddress())) {
      return channel.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  private Process running() {
    if (daemon == null) {
      throw new IllegalStateException("the engine was not started");
    }
    return daemon;
  }

  private void signal(String name) throws Exception {
    run("kill", "-" + name, Long.toString(running().pid()));
  }

  private static void run(String... command) throws Exception {
    assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();
  }

  private static EngineConnections connections(String host) {
    return new EngineConnections(EngineAddress.parse(host), Duration.ofSeconds(30));
  }

  private static boolean onPath(String program) {
    return List.of(System.getenv("PATH").split(":")).stream()
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
  }
}
