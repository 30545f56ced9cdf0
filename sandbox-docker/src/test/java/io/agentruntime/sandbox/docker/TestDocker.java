// SPDX-License-Identifier: MIT

package io.agentruntime.sandbox.docker;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.core.DefaultDockerClientConfig;
import com.github.dockerjava.core.DockerClientImpl;
import io.agentruntime.spi.sandbox.NetworkMode;
import io.agentruntime.spi.sandbox.ProcessId;
import io.agentruntime.spi.sandbox.ProcessSpec;
import io.agentruntime.spi.sandbox.Sandbox;
import io.agentruntime.spi.sandbox.SandboxListing;
import io.agentruntime.spi.sandbox.SandboxProcess;
import io.agentruntime.spi.sandbox.SandboxProvider;
import io.agentruntime.spi.sandbox.SandboxResources;
import io.agentruntime.spi.sandbox.SandboxSpec;
import io.agentruntime.testkit.TestProviderContext;
import io.agentruntime.testkit.requirement.TestMachine;
import io.agentruntime.testkit.sandbox.SandboxBench;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Providers for the engine of this machine; all that they made ends with it. */
final class TestDocker implements AutoCloseable {
  /** Settings for the engine and the image that the tests require. */
  static final Map<String, String> SETTINGS =
      Map.of(
          "host", TestMachine.dockerHost().toString(),
          "image", TestMachine.sandboxImage(),
          "build", "never");

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final EngineConnections connections;
  private final String runtimeId = SandboxBench.unique("docker-test");
  private final Path folder;
  private final List<DockerSandboxProvider> providers = new ArrayList<>();

  private final Map<String, String> settings;

  /** On the engine of this machine. */
  TestDocker(Path folder) {
    this(folder, TestMachine.dockerHost().toString());
  }

  /** On another engine. */
  TestDocker(Path folder, String host) {
    this.folder = folder;
    settings = new HashMap<>(SETTINGS);
    settings.put("host", host);
    connections = new EngineConnections(EngineAddress.parse(host), Duration.ofSeconds(30));
  }

  /** As which runtime its providers are opened. */
  String runtimeId() {
    return runtimeId;
  }

  /** A provider with some settings changed, open. */
  DockerSandboxProvider provider(Map<String, String> changes) {
    DockerSandboxProvider provider = new DockerSandboxProvider();
    provider.open(context(changes));
    providers.add(provider);
    return provider;
  }

  /** Settings with some changed. */
  DockerSettings settings(Map<String, String> changes) {
    return DockerSettings.read(context(changes), Map.of());
  }

  /** The engine itself. */
  DockerClient client() {
    return client(connections);
  }

  /** The engine at the other end of some connections. */
  static DockerClient client(EngineConnections connections) {
    return DockerClientImpl.getInstance(
        DefaultDockerClientConfig.createDefaultConfigBuilder()
            .withDockerHost(connections.address().toString())
            .build(),
        new EngineHttpClient(connections, Duration.ofMinutes(2)));
  }

  private TestProviderContext context(Map<String, String> changes) {
    Map<String, String> all = new HashMap<>(settings);
    all.putAll(changes);
    return new TestProviderContext(runtimeId, folder, InstantSource.system(), all);
  }

  /** A sandbox with the provider's defaults. */
  static Sandbox create(SandboxProvider provider) throws InterruptedException {
    return provider.create(SandboxSpec.named(SandboxBench.unique("sandbox")));
  }

  /** A sandbox of a given image. */
  static SandboxSpec ofImage(String image) {
    return new SandboxSpec(
        SandboxBench.unique("sandbox"),
        Map.of(),
        Map.of(),
        SandboxResources.DEFAULT,
        NetworkMode.DEFAULT,
        image);
  }

  /** Starts a shell script in the workspace. */
  static SandboxProcess start(Sandbox sandbox, String script) throws InterruptedException {
    return sandbox.start(
        new ProcessSpec(
            new ProcessId(SandboxBench.unique("process")),
            List.of("sh", "-c", script),
            Map.of(),
            sandbox.paths().workspace(),
            ProcessSpec.DEFAULT_SPOOL_LIMIT));
  }

  /** Runs a shell script to its end. */
  static String output(Sandbox sandbox, String script) throws Exception {
    SandboxProcess process = start(sandbox, script + "\n");
    process.closeStdin();
    assertThat(exitCode(process)).as("exit code of %s", script).isZero();
    return outputOf(process);
  }

  /** Waits for the end. */
  static int exitCode(SandboxProcess process) throws InterruptedException {
    return process.awaitExit(PATIENCE).orElseThrow().code();
  }

  /** All of standard output. */
  static String outputOf(SandboxProcess process) throws Exception {
    try (InputStream out = process.stdout(0)) {
      return new String(out.readAllBytes(), StandardCharsets.UTF_8).strip();
    }
  }

  /** Ends what the providers made. */
  void removeSandboxes() throws InterruptedException {
    DockerSandboxProvider last = provider(Map.of());
    for (SandboxListing left : last.list()) {
      client().removeContainerCmd(left.id()).withForce(true).withRemoveVolumes(true).exec();
    }
    assertThat(last.list()).as("sandboxes left").isEmpty();
  }

  @Override
  public void close() throws InterruptedException {
    try {
      removeSandboxes();
    } finally {
      connections.close();
      providers.forEach(DockerSandboxProvider::close);
    }
    assertThat(providers).allMatch(provider -> provider.openConnections() == 0);
  }
}
