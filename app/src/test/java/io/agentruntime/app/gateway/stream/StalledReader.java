// SPDX-License-Identifier: MIT

package io.agentruntime.app.gateway.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentruntime.app.TestServer;
import io.agentruntime.app.gateway.Await;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A client that asks for a stream and then reads nothing for a while. */
final class StalledReader implements AutoCloseable {
  private static final int SMALL_BUFFER = 4096;
  private static final int TIMEOUT_MILLIS = 30_000;
  private static final String REASON = "\"type\":\"end\",\"code\":\"SLOW_CONSUMER\"";
  private static final Pattern SEQ = Pattern.compile("\\{\"seq\":(\\d+),\"type\"");

  private final TestServer server;
  private final Socket socket = new Socket();

  StalledReader(TestServer server, String path, String... headers) throws IOException {
    this.server = server;
    socket.setReceiveBufferSize(SMALL_BUFFER);
    socket.setSoTimeout(TIMEOUT_MILLIS);
    socket.connect(new InetSocketAddress("127.0.0.1", server.port()));
    String request =
        "GET %s HTTP/1.1\r\nHost: 127.0.0.1\r\nx-api-key: %s\r\n%s\r\n"
            .formatted(
                path,
                TestServer.KEY,
                String.join("", List.of(headers).stream().map(h -> h + "\r\n").toList()));
    socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
  }

  /**
   * Has the session say more than all buffers hold until the stream is cut off; then the client
   * reads what is left, and goes on where that ends.
   */
  void isCutOffAndComesBack(String session) throws Exception {
    Await.until(() -> server.streams() == 1, "the stream begins");
    for (int i = 0; i < 8; i++) {
      server.turn(session, "say " + "x".repeat(500_000));
    }
    Await.until(() -> server.streams() == 0, "the stream is cut off");

    String read = readUntilTheReason();
    long last = 0;
    for (Matcher seqs = SEQ.matcher(read); seqs.find(); ) {
      last = Long.parseLong(seqs.group(1));
    }
    List<Map<String, Object>> log =
        server
            .call("GET", "/sessions/" + session + "/events?limit=5000&after=" + last, null)
            .list("events");
    assertThat(log).as("what it did not get").isNotEmpty();
    try (SseClient again = SseClient.after(server, session, last)) {
      assertThat(again.upTo(StreamClient.seqOf(log.getLast())).equals(log)).isTrue();
    }
  }

  private String readUntilTheReason() throws IOException {
    StringBuilder read = new StringBuilder();
    byte[] buffer = new byte[65_536];
    int looked = 0;
    while (read.indexOf(REASON, looked) < 0) {
      looked = Math.max(0, read.length() - REASON.length());
      int count = socket.getInputStream().read(buffer);
      assertThat(count).as("bytes before the reason").isPositive();
      read.append(new String(buffer, 0, count, StandardCharsets.ISO_8859_1));
    }
    return read.toString();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
