// SPDX-License-Identifier: MIT

package io.agentruntime.sandbox.docker;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentruntime.spi.sandbox.FileUpload;
import io.agentruntime.spi.sandbox.Sandbox;
import io.agentruntime.spi.sandbox.SandboxCapability;
import io.agentruntime.spi.sandbox.SandboxProcess;
import io.agentruntime.testkit.requirement.RequiresDocker;
import io.agentruntime.testkit.requirement.TestMachine;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An engine that listens on a TCP port: here the one of this machine, behind a relay. */
@RequiresDocker
@Timeout(300)
class TcpEngineIT {
  @TempDir Path folder;

  @Test
  void anEngineBehindATcpPortServesAsWell() throws Exception {
    try (ServerSocketChannel relay = ServerSocketChannel.open()) {
      relay.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      int port = ((InetSocketAddress) relay.getLocalAddress()).getPort();
      Thread.ofVirtual().start(() -> relayAll(relay));
      TestDocker docker = new TestDocker(folder, "tcp://127.0.0.1:" + port);
      try (docker) {
        DockerSandboxProvider provider = docker.provider(Map.of());
        assertThat(provider.capabilities()).doesNotContain(SandboxCapability.ENDPOINT);
        Sandbox sandbox = TestDocker.create(provider);
        String file = sandbox.paths().workspace() + "/file";
        sandbox.writeFiles(List.of(FileUpload.text(file, 0644, "x".repeat(1_000_000))));
        SandboxProcess process = TestDocker.start(sandbox, "wc -c <file; cat");
        process.writeStdin(0, "input".getBytes(StandardCharsets.UTF_8));
        process.closeStdin();

        assertThat(TestDocker.exitCode(process)).isZero();
        assertThat(TestDocker.outputOf(process)).isEqualTo("1000000\ninput");
        try (var in = sandbox.readFile(file)) {
          assertThat(in.readAllBytes()).hasSize(1_000_000);
        }
      }
    }
  }

  private static void relayAll(ServerSocketChannel relay) {
    try {
      while (true) {
        SocketChannel client = relay.accept();
        SocketChannel engine =
            SocketChannel.open(new EngineAddress(TestMachine.dockerHost()).socketAddress());
        Thread.ofVirtual().start(() -> copy(client, engine));
        Thread.ofVirtual().start(() -> copy(engine, client));
      }
    } catch (ClosedChannelException e) {
      assertThat(relay.isOpen()).isFalse();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /** Passes bytes on, and the end of a direction as the end of that direction only. */
  private static void copy(SocketChannel from, SocketChannel to) {
    ByteBuffer bytes = ByteBuffer.allocate(64 * 1024);
    try {
      while (from.read(bytes.clear()) >= 0) {
        bytes.flip();
        while (bytes.hasRemaining()) {
          to.write(bytes);
        }
      }
      to.shutdownOutput();
    } catch (IOException e) {
      // One side is gone: so must be the other.
      try (from;
          to) {
        assertThat(e).isNotNull();
      } catch (IOException closing) {
        e.addSuppressed(closing);
      }
    }
  }
}
