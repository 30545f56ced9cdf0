// SPDX-License-Identifier: MIT

package io.agentruntime.app.gateway.engine;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.agentruntime.app.gateway.Await;
import io.agentruntime.app.gateway.EchoSocketIo;
import io.agentruntime.app.gateway.GatewayServer;
import io.agentruntime.app.gateway.RawHttp;
import io.agentruntime.app.gateway.protocol.SocketCodec;
import io.agentruntime.app.gateway.socketio.SocketIoSocket;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class PollingTest {
  private EchoSocketIo handler;
  private GatewayServer server;
  private RawHttp http;

  @BeforeEach
  void start() {
    handler = new EchoSocketIo();
    server = GatewayServer.start(handler, Map.of("max-payload", 10_000));
    http = new RawHttp(server);
  }

  @AfterEach
  void stop() {
    http.close();
    server.close();
  }

  private String join() throws Exception {
    String sid = http.open();
    assertThat(http.post(sid, "40").body()).isEqualTo("ok");
    List<String> packets = new ArrayList<>();
    while (packets.size() < 2) {
      packets.addAll(List.of(http.poll(sid).body().split("\u001e", -1)));
    }
    assertThat(packets.get(0)).startsWith("40{\"sid\":");
    assertThat(packets.get(1)).isEqualTo("42[\"auth\",{}]");
    return sid;
  }

  private void awaitOpenPoll(String sid) {
    Await.until(
        () -> server.engine().find(sid).map(c -> c.hasOpenPoll()).orElse(false), "a poll waits");
  }

  @Test
  void onePollBringsWhatHasGathered() throws Exception {
    String sid = join();
    SocketIoSocket socket = handler.nextSocket();
    for (int i = 0; i < 3; i++) {
      socket.send(SocketCodec.event("n", i, "é€😀"));
    }

    assertThat(http.poll(sid).body())
        .isEqualTo("42[\"n\",0,\"é€😀\"]\u001e42[\"n\",1,\"é€😀\"]\u001e42[\"n\",2,\"é€😀\"]");
  }

  @Test
  void anOpenPollIsAnsweredAsSoonAsThereIsSomething() throws Exception {
    String sid = join();
    SocketIoSocket socket = handler.nextSocket();
    CompletableFuture<HttpResponse<String>> poll = http.pollAsync(sid);
    awaitOpenPoll(sid);

    socket.send(SocketCodec.event("x"));

    assertThat(Await.result(poll, "the poll ends").body()).isEqualTo("42[\"x\"]");
  }

  @Test
  void anAnswerIsNotLongerThanAgreedUnlessOnePacketIs() throws Exception {
    String sid = join();
    SocketIoSocket socket = handler.nextSocket();
    socket.send(SocketCodec.event("a", "x".repeat(6000)));
    socket.send(SocketCodec.event("b", "x".repeat(6000)));
    socket.send(SocketCodec.event("c", "x".repeat(20_000)));

    assertThat(http.poll(sid).body()).startsWith("42[\"a\"").hasSizeLessThan(10_000);
    assertThat(http.poll(sid).body()).startsWith("42[\"b\"").hasSizeLessThan(10_000);
    assertThat(http.poll(sid).body()).startsWith("42[\"c\"").hasSizeGreaterThan(20_000);
  }

  @Test
  void aSecondPollEndsTheSession() throws Exception {
    String sid = join();
    CompletableFuture<HttpResponse<String>> first = http.pollAsync(sid);
    awaitOpenPoll(sid);

    assertThat(http.poll(sid).statusCode()).isEqualTo(400);
    assertThat(Await.result(first, "the first poll ends").body()).isEqualTo("1");
    assertThat(handler.nextEnd()).isEqualTo(DisconnectReason.TRANSPORT_ERROR);
    assertThat(http.poll(sid).body()).isEqualTo("{\"code\":1,\"message\":\"Session ID unknown\"}");
  }

  @Test
  void aClientThatGivesUpItsPollIsGone() throws Exception {
    String sid = join();
    try (RawHttp quitter = new RawHttp(server)) {
      CompletableFuture<HttpResponse<String>> poll = quitter.pollAsync(sid);
      // Its answer could be lost on the way: so the poll is known to be open before it is given up.
      awaitOpenPoll(sid);
      poll.cancel(true);
    }
    assertThat(handler.nextEnd()).isEqualTo(DisconnectReason.TRANSPORT_CLOSED);
  }

  @Test
  void closingAnswersTheOpenPoll() throws Exception {
    String sid = join();
    CompletableFuture<HttpResponse<String>> poll = http.pollAsync(sid);
    awaitOpenPoll(sid);

    assertThat(http.post(sid, "1").statusCode()).isEqualTo(200);

    assertThat(Await.result(poll, "the poll ends").body()).isEqualTo("6");
    assertThat(handler.nextEnd()).isEqualTo(DisconnectReason.TRANSPORT_CLOSED);
    assertThat(http.poll(sid).statusCode()).isEqualTo(400);
  }

  @Test
  void whatIsNoPacketEndsTheSession() throws Exception {
    for (String wrong : List.of("abc", "", "4a\u001e", "b???", "2", "0{}")) {
      String sid = http.open();
      assertThat(http.post(sid, wrong).statusCode()).isEqualTo(400);
      assertThat(http.poll(sid).statusCode()).isEqualTo(400);
    }
  }

  @Test
  void bytesThatAreNoTextEndTheSession() throws Exception {
    String sid = http.open();
    byte[] notUtf8 = {'4', (byte) 0xC3};
    assertThat(http.post(sid, BodyPublishers.ofByteArray(notUtf8)).statusCode()).isEqualTo(400);
    assertThat(http.poll(sid).statusCode()).isEqualTo(400);
  }

  @Test
  void aBodyOfTheAllowedLengthIsTaken() throws Exception {
    String sid = join();
    String packet = "42[\"m\",\"" + "x".repeat(10_000 - 10) + "\"]";
    assertThat(packet).hasSize(10_000);

    assertThat(http.post(sid, packet).body()).isEqualTo("ok");
    assertThat(http.poll(sid).body()).startsWith("42[\"m-back\",\"xxx");
  }

  @Test
  void aLongerBodyEndsTheSessionWhetherItsLengthIsSaidOrNot() throws Exception {
    byte[] body = ("4" + "x".repeat(200_000)).getBytes(US_ASCII);
    for (var publisher :
        List.of(
            BodyPublishers.ofByteArray(body),
            BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body)))) {
      String sid = join();
      int status;
      try {
        status = http.post(sid, publisher).statusCode();
      } catch (IOException e) {
        // The server hung up while the rest was still on its way.
        status = 413;
      }
      assertThat(status).isEqualTo(413);
      assertThat(handler.nextEnd()).isEqualTo(DisconnectReason.MESSAGE_TOO_LONG);
    }
  }

  @Test
  void whatWasSentBeforeTheEndIsStillDelivered() throws Exception {
    String sid = join();
    SocketIoSocket socket = handler.nextSocket();
    socket.send(SocketCodec.event("last"));
    socket.disconnect();

    assertThat(http.poll(sid).body()).isEqualTo("42[\"last\"]\u001e41");
    assertThat(http.poll(sid).body()).isEqualTo("1");
    assertThat(handler.nextEnd()).isEqualTo(DisconnectReason.SERVER_LEFT);
    assertThat(http.poll(sid).statusCode()).isEqualTo(400);
  }
}
