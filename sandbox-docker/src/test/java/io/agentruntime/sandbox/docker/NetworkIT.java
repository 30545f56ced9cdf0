// SPDX-License-Identifier: MIT

package io.agentruntime.sandbox.docker;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentruntime.error.StandardError;
import io.agentruntime.spi.sandbox.NetworkMode;
import io.agentruntime.spi.sandbox.Sandbox;
import io.agentruntime.spi.sandbox.SandboxCapability;
import io.agentruntime.spi.sandbox.SandboxProcess;
import io.agentruntime.spi.sandbox.SandboxResources;
import io.agentruntime.spi.sandbox.SandboxSpec;
import io.agentruntime.testkit.requirement.RequiresDocker;
import io.agentruntime.testkit.requirement.TestMachine;
import io.agentruntime.testkit.sandbox.SandboxBench;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.testcontainers.containers.GenericContainer;

/** Who reaches whom: sandboxes, this host, other containers. */
@RequiresDocker
@Timeout(300)
class NetworkIT {
  private static final String SERVE = "exec python3 -u -m http.server 8000";

  @TempDir Path folder;
  private TestDocker docker;

  @BeforeEach
  void open() {
    docker = new TestDocker(folder);
  }

  @AfterEach
  void close() throws InterruptedException {
    docker.close();
  }

  @Test
  void aPortOfASandboxIsReachedFromHereButNotFromAnotherSandbox() throws Exception {
    var provider = docker.provider(Map.of());
    Sandbox server = TestDocker.create(provider);
    Sandbox other = TestDocker.create(provider);
    awaitListening(TestDocker.start(server, SERVE));
    URI endpoint = server.endpoint(8000);

    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(endpoint.getHost(), endpoint.getPort()), 30_000);
    }
    assertThat(TestDocker.output(other, tryToReach(endpoint.getHost(), 8000))).isEqualTo("refused");
  }

  @Test
  void onTheEnginesBridgeSandboxesReachEachOther() throws Exception {
    var provider = docker.provider(Map.of("network", "bridge"));
    Sandbox server = TestDocker.create(provider);
    Sandbox other = TestDocker.create(provider);
    awaitListening(TestDocker.start(server, SERVE));

    assertThat(TestDocker.output(other, reach(server.endpoint(8000).getHost(), 8000)))
        .isEqualTo("reached");
  }

  @Test
  void aSandboxDoesNotReachContainersOfOthers() throws Exception {
    try (GenericContainer<?> peer = new GenericContainer<>(TestMachine.sandboxImage())) {
      peer.withImagePullPolicy(name -> false)
          .withCommand("python3", "-u", "-m", "http.server", "8000")
          .withExposedPorts(8000)
          .start();
      String address =
          peer.getContainerInfo().getNetworkSettings().getNetworks().values().stream()
              .findFirst()
              .orElseThrow()
              .getIpAddress();
      Sandbox sandbox = TestDocker.create(docker.provider(Map.of()));

      assertThat(TestDocker.output(sandbox, tryToReach(address, 8000))).isEqualTo("refused");
    }
  }

  @Test
  void thisHostIsReachedUnderItsName() throws Exception {
    try (ServerSocket host = new ServerSocket(0, 10, InetAddress.getByName("0.0.0.0"))) {
      Thread.ofVirtual().start(() -> acceptAll(host));
      for (String network : new String[] {"isolated", "bridge"}) {
        Sandbox sandbox = TestDocker.create(docker.provider(Map.of("network", network)));

        assertThat(TestDocker.output(sandbox, reach(sandbox.hostAddress(), host.getLocalPort())))
            .as(network)
            .isEqualTo("reached");
      }
    }
  }

  @Test
  void withoutNetworkThereIsNoHostAndNoEndpoint() throws Exception {
    var provider = docker.provider(Map.of());
    Sandbox sandbox =
        provider.create(
            new SandboxSpec(
                SandboxBench.unique("offline"),
                Map.of(),
                Map.of(),
                SandboxResources.DEFAULT,
                NetworkMode.NONE,
                null));

    SandboxBench.assertRefused(StandardError.UNSUPPORTED, sandbox::hostAddress);
    SandboxBench.assertRefused(StandardError.UNSUPPORTED, () -> sandbox.endpoint(80));
    Sandbox again = provider.attach(sandbox.id());
    SandboxBench.assertRefused(StandardError.UNSUPPORTED, again::hostAddress);
    assertThat(docker.provider(Map.of("network", "none")).capabilities())
        .doesNotContain(SandboxCapability.HOST_ACCESS, SandboxCapability.ENDPOINT);
  }

  /** What waits for a connection that must come about, however busy the machine is. */
  private static String reach(String host, int port) {
    return connect(host, port, 30);
  }

  /** What waits for a connection that must not come about, and would at once. */
  private static String tryToReach(String host, int port) {
    return connect(host, port, 2);
  }

  private static String connect(String host, int port, int seconds) {
    return """
    python3 -c 'import socket
    try:
      socket.create_connection(("%s", %d), timeout=%d)
      print("reached")
    except OSError:
      print("refused")'
    """
        .formatted(host, port, seconds);
  }

  private static void awaitListening(SandboxProcess server) throws Exception {
    try (InputStream out = server.stdout(0)) {
      assertThat(new String(out.readNBytes(10), StandardCharsets.UTF_8)).isEqualTo("Serving HT");
    }
  }

  private static void acceptAll(ServerSocket server) {
    try {
      while (!server.isClosed()) {
        server.accept().close();
      }
    } catch (IOException e) {
      assertThat(server.isClosed()).isTrue();
    }
  }
}
