// SPDX-License-Identifier: MIT

package io.agentruntime.app.gateway.engine;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentruntime.app.gateway.EchoSocketIo;
import io.agentruntime.app.gateway.GatewayServer;
import io.agentruntime.app.gateway.RawHttp;
import io.agentruntime.app.gateway.RawSocket;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.net.http.WebSocketHandshakeException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class HandshakeTest {
  private static final String ORIGIN = "https://app.example";

  private static GatewayServer server;
  private static RawHttp http;

  @BeforeAll
  static void start() {
    server = GatewayServer.start(new EchoSocketIo(), Map.of("allowed-origins", ORIGIN));
    http = new RawHttp(server);
  }

  @AfterAll
  static void stop() {
    http.close();
    server.close();
  }

  @Test
  void theHandshakeSaysWhatTheReferenceSays() throws Exception {
    HttpResponse<String> response = http.get(RawHttp.POLLING);

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("content-type")).hasValue("text/plain; charset=UTF-8");
    assertThat(response.headers().firstValue("cache-control")).hasValue("no-store");
    assertThat(response.body())
        .matches(
            "0\\{\"sid\":\"[\\w-]{20}\",\"upgrades\":\\[\"websocket\"],\"pingInterval\":25000,"
                + "\"pingTimeout\":20000,\"maxPayload\":1000000}");
  }

  @Test
  void overAWebSocketThereIsNothingToUpgradeTo() throws Exception {
    try (RawSocket socket = RawSocket.raw(server, RawSocket.WEBSOCKET)) {
      assertThat(socket.next()).contains("\"upgrades\":[]").contains("\"pingInterval\":25000");
    }
  }

  @Test
  void sessionIdsDiffer() throws Exception {
    assertThat(http.open()).isNotEqualTo(http.open());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "GET  | EIO=3&transport=polling         | {\"code\":5,\"message\":\"Unsupported protocol"
            + " version\"}",
        "GET  | transport=polling               | {\"code\":5,\"message\":\"Unsupported protocol"
            + " version\"}",
        "GET  | EIO=4&transport=abc             | {\"code\":0,\"message\":\"Transport unknown\"}",
        "GET  | EIO=4                           | {\"code\":0,\"message\":\"Transport unknown\"}",
        "GET  | EIO=4&transport=webtransport    | {\"code\":0,\"message\":\"Transport unknown\"}",
        "GET  | EIO=4&transport=polling&sid=abc | {\"code\":1,\"message\":\"Session ID unknown\"}",
        "POST | EIO=4&transport=polling&sid=abc | {\"code\":1,\"message\":\"Session ID unknown\"}",
        "POST | EIO=4&transport=polling         | {\"code\":2,\"message\":\"Bad handshake"
            + " method\"}",
        "PUT  | EIO=4&transport=polling         | {\"code\":2,\"message\":\"Bad handshake"
            + " method\"}",
        "GET  | EIO=4&transport=websocket       | {\"code\":3,\"message\":\"Bad request\"}",
      })
  void aWrongRequestIsRefusedInTheProtocolsWords(String method, String query, String error)
      throws Exception {
    HttpResponse<String> response = http.send(method, query);

    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(response.headers().firstValue("content-type")).hasValue("application/json");
    assertThat(response.body()).isEqualTo(error);
  }

  @ParameterizedTest
  @CsvSource({
    "EIO=3&transport=websocket, 400",
    "EIO=4&transport=abc, 400",
    "EIO=4&transport=polling, 400",
    "EIO=4&transport=websocket&sid=abc, 400",
  })
  void aWrongUpgradeIsRefusedBeforeItHappens(String query, int status) {
    assertThatThrownBy(() -> RawSocket.raw(server, query))
        .cause()
        .extracting(e -> ((WebSocketHandshakeException) e).getResponse().statusCode())
        .isEqualTo(status);
  }

  @Test
  void aQueryThatCannotBeReadIsRefusedAndHarmsNobody() throws Exception {
    for (String query : List.of("EIO=4&transport=%zz", "%", "EIO=4&transport=polling&sid=%ff%fe")) {
      try (Socket socket = new Socket("127.0.0.1", server.port())) {
        String request = "GET /socket.io/?" + query + " HTTP/1.0\r\nHost: x\r\n\r\n";
        socket.getOutputStream().write(request.getBytes(US_ASCII));
        assertThat(new String(socket.getInputStream().readAllBytes(), US_ASCII))
            .startsWith("HTTP/1.0 400");
      }
    }
    assertThat(http.open()).isNotEmpty();
  }

  @Test
  void aMethodThatIsNoneOfTheTransportIsRefused() throws Exception {
    assertThat(http.send("PUT", RawHttp.POLLING + "&sid=" + http.open()).statusCode())
        .isEqualTo(400);
  }

  @Test
  void pagesOfAllowedOriginsMayReadAnswers() throws Exception {
    HttpResponse<String> response = http.get(RawHttp.POLLING, "Origin", ORIGIN);

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("access-control-allow-origin")).hasValue(ORIGIN);
    assertThat(response.headers().firstValue("access-control-allow-credentials")).hasValue("true");
    assertThat(response.headers().firstValue("vary")).hasValue("Origin");
  }

  @Test
  void pagesOfAllowedOriginsMayReadRefusals() throws Exception {
    HttpResponse<String> response = http.get("EIO=3&transport=polling", "Origin", ORIGIN);

    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(response.headers().firstValue("access-control-allow-origin")).hasValue(ORIGIN);
  }

  @Test
  void aPreflightIsAnswered() throws Exception {
    HttpResponse<String> response =
        http.send(
            "OPTIONS",
            RawHttp.POLLING,
            "Origin",
            ORIGIN,
            "Access-Control-Request-Method",
            "POST",
            "Access-Control-Request-Headers",
            "x-api-key");

    assertThat(response.statusCode()).isEqualTo(204);
    assertThat(response.headers().firstValue("access-control-allow-origin")).hasValue(ORIGIN);
    assertThat(response.headers().firstValue("access-control-allow-methods")).hasValue("GET,POST");
    assertThat(response.headers().firstValue("access-control-allow-headers")).hasValue("x-api-key");
  }

  @Test
  void theFrameworksOwnCorsSaysNothingHere() throws Exception {
    Map<String, Object> cors =
        Map.of("allowed-origins", ORIGIN, "micronaut.server.cors.enabled", true);
    try (GatewayServer other = GatewayServer.start(new EchoSocketIo(), cors);
        RawHttp polling = new RawHttp(other)) {
      HttpResponse<String> response = polling.get(RawHttp.POLLING, "Origin", ORIGIN);
      assertThat(response.headers().allValues("access-control-allow-origin"))
          .containsExactly(ORIGIN);
      try (RawSocket socket = RawSocket.open(other, "Origin", ORIGIN)) {
        socket.send("1");
        assertThat(socket.closeCode()).isEqualTo(1000);
      }
    }
  }

  @Test
  void pagesOfOtherOriginsAreRefused() throws Exception {
    HttpResponse<String> response = http.get(RawHttp.POLLING, "Origin", "https://evil.example");

    assertThat(response.statusCode()).isEqualTo(403);
    assertThat(response.body()).isEqualTo("{\"code\":4,\"message\":\"Forbidden\"}");
    assertThat(response.headers().firstValue("access-control-allow-origin")).isEmpty();
    assertThat(http.send("OPTIONS", RawHttp.POLLING, "Origin", "null").statusCode()).isEqualTo(403);
  }

  @Test
  void pagesOfThisServerAreItsOwn() throws Exception {
    assertThat(http.get(RawHttp.POLLING, "Origin", server.url()).statusCode()).isEqualTo(200);
    try (RawSocket socket = RawSocket.open(server, "Origin", server.url())) {
      socket.send("1");
      assertThat(socket.closeCode()).isEqualTo(1000);
    }
  }

  @Test
  void webSocketsOfAllowedOriginsOpenAndOthersDoNot() throws Exception {
    try (RawSocket socket = RawSocket.open(server, "Origin", ORIGIN)) {
      socket.send("1");
      assertThat(socket.closeCode()).isEqualTo(1000);
    }
    assertThatThrownBy(() -> RawSocket.open(server, "Origin", "https://evil.example"))
        .cause()
        .extracting(e -> ((WebSocketHandshakeException) e).getResponse().statusCode())
        .isEqualTo(403);
  }

  @Test
  void noCompressionOfFramesIsAgreedUpon() throws Exception {
    try (Socket socket = new Socket("127.0.0.1", server.port())) {
      socket
          .getOutputStream()
          .write(
              ("GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: x\r\n"
                      + "Connection: Upgrade\r\nUpgrade: websocket\r\n"
                      + "Sec-WebSocket-Version: 13\r\n"
                      + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                      + "Sec-WebSocket-Extensions: permessage-deflate\r\n\r\n")
                  .getBytes(US_ASCII));
      byte[] answer = new byte[2000];
      int length = 0;
      String head = "";
      while (!head.contains("\r\n\r\n")) {
        length += socket.getInputStream().read(answer, length, answer.length - length);
        head = new String(answer, 0, length, ISO_8859_1);
      }
      assertThat(head).startsWith("HTTP/1.1 101").doesNotContainIgnoringCase("extensions");
    }
  }
}
