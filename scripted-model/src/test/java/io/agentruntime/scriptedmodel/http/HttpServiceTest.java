// SPDX-License-Identifier: MIT

package io.agentruntime.scriptedmodel.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** HTTP as clients write it, byte by byte. */
@Timeout(180)
class HttpServiceTest {

  private static final HttpService.Limits LIMITS =
      new HttpService.Limits(1000, 4, Duration.ofSeconds(60));

  private final CountDownLatch waiting = new CountDownLatch(1);
  private final CountDownLatch clientGone = new CountDownLatch(1);
  private HttpService service;

  @BeforeEach
  void start() throws IOException {
    service = HttpService.start(InetAddress.getLoopbackAddress(), 0, LIMITS, new Echo());
  }

  @AfterEach
  void stop() throws IOException {
    service.close();
  }

  /** Answers with the request's method, path and body; some paths misbehave. */
  private final class Echo implements HttpHandler {
    @Override
    public void handle(HttpRequest request, HttpResponder responder) throws IOException {
      switch (request.path()) {
        case "/wait" -> {
          waiting.countDown();
          try {
            responder.awaitClientGone();
          } catch (IOException e) {
            clientGone.countDown();
            throw e;
          }
        }
        case "/pause" -> {
          responder.startStream(200, Map.of());
          waiting.countDown();
          try {
            responder.pause(Duration.ofMinutes(10));
          } catch (IOException e) {
            clientGone.countDown();
            throw e;
          }
        }
        case "/stream" -> {
          responder.startStream(200, Map.of());
          responder.write("one ".getBytes(StandardCharsets.UTF_8));
          responder.flush();
          responder.write("two".getBytes(StandardCharsets.UTF_8));
          responder.finish();
        }
        case "/bug" -> throw new IllegalStateException("on purpose");
        default -> {
          String text =
              request.method()
                  + request.path()
                  + new String(request.body(), StandardCharsets.UTF_8);
          responder.send(200, Map.of(), text.getBytes(StandardCharsets.UTF_8));
        }
      }
    }

    @Override
    public void refuse(int status, String message, HttpResponder responder) throws IOException {
      responder.send(status, Map.of(), message.getBytes(StandardCharsets.UTF_8));
    }
  }

  private Socket connect() throws IOException {
    Socket socket = new Socket(service.address(), service.port());
    socket.setSoTimeout(60_000);
    return socket;
  }

  private static void send(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
    socket.getOutputStream().flush();
  }

  /** Everything until the server closes. */
  private String exchange(String text) throws IOException {
    try (Socket socket = connect()) {
      send(socket, text);
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static String readUntil(Socket socket, String end) throws IOException {
    ByteArrayOutputStream read = new ByteArrayOutputStream();
    while (!read.toString(StandardCharsets.UTF_8).endsWith(end)) {
      int b = socket.getInputStream().read();
      assertThat(b).as("what follows " + read).isNotNegative();
      read.write(b);
    }
    return read.toString(StandardCharsets.UTF_8);
  }

  @Test
  void connectionServesManyRequestsInOrderAlsoWhenSentAtOnce() throws IOException {
    String answers =
        exchange(
            "GET /a HTTP/1.1\r\n\r\n"
                + "POST /b?x=1 HTTP/1.1\r\ncontent-length: 3\r\n\r\nabc"
                + "GET /c HTTP/1.1\r\nConnection: close\r\n\r\n");

    assertThat(answers).containsSubsequence("GET/a", "keep-alive", "POST/babc", "close", "GET/c");
  }

  @Test
  void chunkedBodyIsReadWithItsTrailers() throws IOException {
    String answer =
        exchange(
            "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
                + "3;x=y\r\nabc\r\nA\r\n0123456789\r\n0\r\nX-Trailer: 1\r\n\r\n");

    assertThat(answer).endsWith("POST/abc0123456789");
  }

  @Test
  void headRequestGetsHeadersOnly() throws IOException {
    assertThat(exchange("HEAD /abc HTTP/1.1\r\nConnection: close\r\n\r\n"))
        .contains("content-length: 8")
        .endsWith("\r\n\r\n");
  }

  @Test
  void clientThatAsksFirstIsToldToContinue() throws IOException {
    try (Socket socket = connect()) {
      send(socket, "POST / HTTP/1.1\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n");
      readUntil(socket, "100 Continue\r\n\r\n");
      send(socket, "ok");
      assertThat(readUntil(socket, "POST/ok")).startsWith("HTTP/1.1 200");
    }
  }

  @Test
  void streamIsChunkedForNewClientsAndPlainForOldOnes() throws IOException {
    assertThat(exchange("GET /stream HTTP/1.1\r\nConnection: close\r\n\r\n"))
        .endsWith("\r\n\r\n4\r\none \r\n3\r\ntwo\r\n0\r\n\r\n");
    assertThat(exchange("GET /stream HTTP/1.0\r\n\r\n")).endsWith("\r\n\r\none two");
  }

  @Test
  void bodyOverTheLimitIsRefusedAndTheAnswerArrives() throws IOException {
    String large = "x".repeat(5000);

    assertThat(exchange("POST / HTTP/1.1\r\nContent-Length: 5000\r\n\r\n" + large))
        .startsWith("HTTP/1.1 413");
    assertThat(
            exchange(
                "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1388\r\n" + large + "\r\n"))
        .startsWith("HTTP/1.1 413");
  }

  @Test
  void malformedRequestsAreRefused() throws IOException {
    assertThat(exchange("nonsense\r\n\r\n")).startsWith("HTTP/1.1 400");
    assertThat(exchange("GET / HTTP/1.1\r\nno colon\r\n\r\n")).startsWith("HTTP/1.1 400");
    assertThat(exchange("POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n"))
        .startsWith("HTTP/1.1 400");
    assertThat(exchange("POST / HTTP/1.1\r\nContent-Length: x\r\n\r\n")).startsWith("HTTP/1.1 400");
    assertThat(exchange("POST / HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\n"))
        .startsWith("HTTP/1.1 501");
    assertThat(
            exchange("POST / HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\nx"))
        .startsWith("HTTP/1.1 400");
    assertThat(exchange("GET /" + "a".repeat(20_000) + " HTTP/1.1\r\n\r\n"))
        .startsWith("HTTP/1.1 431");
    assertThat(exchange("GET / HTTP/1.1\r\n" + "a: b\r\n".repeat(201) + "\r\n"))
        .startsWith("HTTP/1.1 431");
  }

  @Test
  void failingHandlerGivesAServerErrorAndHarmsNobodyElse() throws IOException {
    assertThat(exchange("GET /bug HTTP/1.1\r\n\r\n")).startsWith("HTTP/1.1 500");
    assertThat(exchange("GET /a HTTP/1.1\r\nConnection: close\r\n\r\n")).endsWith("GET/a");
  }

  @Test
  void clientThatLeavesDuringSilenceIsNoticedAtOnce() throws Exception {
    try (Socket socket = connect()) {
      send(socket, "GET /wait HTTP/1.1\r\n\r\n");
      assertThat(waiting.await(60, TimeUnit.SECONDS)).isTrue();
    }

    assertThat(clientGone.await(60, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void clientThatLeavesDuringAPauseEndsThePause() throws Exception {
    try (Socket socket = connect()) {
      send(socket, "GET /pause HTTP/1.1\r\n\r\n");
      assertThat(waiting.await(60, TimeUnit.SECONDS)).isTrue();
    }

    assertThat(clientGone.await(60, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void closingEndsIdleAndWaitingConnectionsAndTwiceIsOnce() throws Exception {
    try (Socket idle = connect();
        Socket busy = connect()) {
      send(idle, "GET /a HTTP/1.1\r\n\r\n");
      readUntil(idle, "GET/a");
      send(busy, "GET /wait HTTP/1.1\r\n\r\n");
      assertThat(waiting.await(60, TimeUnit.SECONDS)).isTrue();

      service.close();
      service.close();

      assertThat(idle.getInputStream().read()).isNegative();
      assertThat(clientGone.await(60, TimeUnit.SECONDS)).isTrue();
      assertThat(service.openConnections()).isZero();
    }
  }

  @Test
  void connectionsOverTheLimitWaitForAFreePlace() throws Exception {
    Socket[] holders = new Socket[LIMITS.maxConnections()];
    for (int i = 0; i < holders.length; i++) {
      holders[i] = connect();
      send(holders[i], "GET /a HTTP/1.1\r\n\r\n");
      readUntil(holders[i], "GET/a");
    }
    try (Socket late = connect()) {
      send(late, "GET /late HTTP/1.1\r\n\r\n");
      assertThat(service.openConnections()).isEqualTo(LIMITS.maxConnections());
      for (Socket holder : holders) {
        holder.close();
      }
      assertThat(readUntil(late, "GET/late")).startsWith("HTTP/1.1 200");
    }
  }
}
