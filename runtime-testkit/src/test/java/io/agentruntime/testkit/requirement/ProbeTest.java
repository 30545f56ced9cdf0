// SPDX-License-Identifier: MIT

package io.agentruntime.testkit.requirement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProbeTest {
  @TempDir Path folder;

  @Test
  void theStatusOfAnEngineBehindAUnixSocketIsRead() throws Exception {
    assertThat(statusOfAnEngineThatAnswers("HTTP/1.0 404 Not Found\r\n\r\n")).isEqualTo(404);
  }

  @Test
  void anAnswerThatIsNotHttpIsAnError() {
    assertThatThrownBy(() -> statusOfAnEngineThatAnswers("hello\r\n"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("not HTTP");
  }

  @Test
  void anEngineThatIsNotThereIsAnError() {
    URI nowhere = URI.create("unix://" + folder.resolve("nobody.sock"));

    assertThatThrownBy(() -> Probe.status(nowhere, "/_ping")).isInstanceOf(IOException.class);
  }

  @Test
  void theFirstLineOfAProgramIsRead() throws Exception {
    assertThat(Probe.firstLineOf(List.of("sh", "-c", "echo one; echo two"))).isEqualTo("one");
  }

  @Test
  void aProgramThatFailsIsAnErrorWithWhatItPrinted() {
    assertThatThrownBy(() -> Probe.firstLineOf(List.of("sh", "-c", "echo broken >&2; exit 3")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("exited with 3: broken");
  }

  private int statusOfAnEngineThatAnswers(String answer) throws Exception {
    Path socket = folder.resolve("engine.sock");
    try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      server.bind(UnixDomainSocketAddress.of(socket));
      FutureTask<Integer> probe =
          new FutureTask<>(() -> Probe.status(URI.create("unix://" + socket), "/_ping"));
      Thread.ofVirtual().start(probe);
      try (SocketChannel client = server.accept()) {
        client.read(ByteBuffer.allocate(1024));
        client.write(ByteBuffer.wrap(answer.getBytes(StandardCharsets.US_ASCII)));
      }
      try {
        return probe.get();
      } catch (ExecutionException e) {
        throw (Exception) e.getCause();
      }
    }
  }
}
