// SPDX-License-Identifier: MIT

package io.agentruntime.sandbox.modal.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentruntime.sandbox.modal.grpc.RawServer.Stream;
import io.netty.handler.codec.http2.Http2Error;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Calls against a server that does what it should not. */
class MicronautTransportTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final int LIMIT = 100_000;

  private static MicronautTransport transport;

  @BeforeAll
  static void open() {
    transport =
        new MicronautTransport(new TransportSettings(null, 4, 8, Duration.ofSeconds(30), LIMIT));
  }

  @AfterAll
  static void close() {
    transport.close();
  }

  @Test
  void messagesArriveHoweverTheirBytesAreCut() throws Exception {
    byte[] bytes = concat(Frames.encode(utf8("one")), Frames.encode(new byte[0]));
    bytes = concat(bytes, Frames.encode(utf8("three")));
    byte[] whole = bytes;
    for (int at = 0; at <= whole.length; at++) {
      int cut = at;
      Consumer<Stream> script =
          stream ->
              stream
                  .begin()
                  .data(Arrays.copyOfRange(whole, 0, cut))
                  .data(Arrays.copyOfRange(whole, cut, whole.length))
                  .trailers("grpc-status", "0");
      assertThat(call(script)).containsExactly("one", "", "three");
    }
  }

  @Test
  void aMessageThatComesByteByByteArrives() throws Exception {
    byte[] whole = Frames.encode(utf8("slowly"));
    assertThat(
            call(
                stream -> {
                  stream.begin();
                  for (byte one : whole) {
                    stream.data(one);
                  }
                  stream.trailers("grpc-status", "0");
                }))
        .containsExactly("slowly");
  }

  @Test
  void theMessageAndItsHeadersReachTheServerAndNothingOfOurOwn() throws Exception {
    try (RawServer server = new RawServer(stream -> stream.begin().trailers("grpc-status", "0"))) {
      GrpcRequest request =
          new GrpcRequest(
              server.uri(),
              "/s/M",
              Map.of("authorization", "x"),
              utf8("hi"),
              Duration.ofSeconds(99));
      try (GrpcCall call = transport.start(request)) {
        assertThat(call.next(PATIENCE)).isNull();
      }
      assertThat(server.bodies.poll(30, TimeUnit.SECONDS)).isEqualTo(Frames.encode(utf8("hi")));
      var headers = server.requests.take();
      assertThat(headers.method()).hasToString("POST");
      assertThat(headers.path()).hasToString("/s/M");
      assertThat(headers.get("te")).hasToString("trailers");
      assertThat(headers.get("content-type")).hasToString("application/grpc");
      assertThat(headers.get("authorization")).hasToString("x");
      assertThat(headers.get("grpc-timeout")).hasToString("99000m");
      assertThat(headers.contains(StreamTap.CALL)).isFalse();
      assertThat(request.toString()).doesNotContain("authorization", "hi");
    }
  }

  @Test
  void aStreamWithoutAStatusIsNoSuccess() {
    assertFails(GrpcStatus.INTERNAL, stream -> stream.begin().end(Frames.encode(utf8("half"))));
    assertFails(GrpcStatus.INTERNAL, stream -> stream.begin().end());
    assertFails(GrpcStatus.INTERNAL, stream -> stream.begin().trailers("other", "x"));
  }

  @Test
  void anEndWithinAMessageIsNoSuccess() {
    assertFails(
        GrpcStatus.INTERNAL,
        stream ->
            stream
                .begin()
                .data(Arrays.copyOf(Frames.encode(utf8("cut")), 7))
                .trailers("grpc-status", "0"));
  }

  @Test
  void aFailureAfterMessagesIsTold() {
    GrpcException failure =
        assertFails(
            GrpcStatus.ABORTED,
            stream ->
                stream
                    .begin()
                    .data(Frames.encode(utf8("one")))
                    .trailers(
                        "grpc-status", "10", "grpc-message", "50%25 of it%C3%BC", "x-more", "y"));
    assertThat(failure).hasMessageContaining("50% of itü");
    assertThat(failure.trailers()).containsEntry("x-more", "y");
  }

  @Test
  void aReplyOfTrailersAloneIsUnderstood() throws Exception {
    String[] ok = {":status", "200", "content-type", "application/grpc", "grpc-status", "0"};
    assertThat(call(stream -> stream.trailers(ok))).isEmpty();
    String[] no = {":status", "200", "content-type", "application/grpc", "grpc-status", "5"};
    assertFails(GrpcStatus.NOT_FOUND, stream -> stream.trailers(no));
  }

  @ParameterizedTest
  @CsvSource({"503,UNAVAILABLE", "401,UNAUTHENTICATED", "404,UNIMPLEMENTED", "200,UNKNOWN"})
  void aReplyThatIsNotGrpcIsNotReadAsFrames(String http, GrpcStatus status) {
    assertFails(
        status,
        stream ->
            stream.headers(":status", http, "content-type", "text/plain").end(utf8("sorry!")));
  }

  @Test
  void aMessageOverTheLimitIsRefusedByItsHeader() {
    byte[] header = {0, 0x40, 0, 0, 0};
    GrpcException failure =
        assertFails(GrpcStatus.RESOURCE_EXHAUSTED, stream -> stream.begin().data(header));
    assertThat(failure).hasMessageContaining("exceeds the limit of " + LIMIT);
  }

  @Test
  void aCompressedMessageIsRefused() {
    byte[] frame = Frames.encode(utf8("x"));
    frame[0] = 1;
    assertFails(GrpcStatus.INTERNAL, stream -> stream.begin().data(frame));
  }

  @ParameterizedTest
  @CsvSource({
    "REFUSED_STREAM,UNAVAILABLE",
    "CANCEL,CANCELLED",
    "ENHANCE_YOUR_CALM,RESOURCE_EXHAUSTED",
    "INTERNAL_ERROR,INTERNAL"
  })
  void aResetIsToldByItsCode(Http2Error error, GrpcStatus status) {
    assertFails(status, stream -> stream.begin().reset(error));
    assertFails(status, stream -> stream.reset(error));
  }

  /** Else they would wait for the next ping, which comes after 30 seconds. */
  @Test
  void otherStreamsGoOnAtOnceAfterAReset() throws Exception {
    byte[] message = new byte[60_000];
    byte[] beginning = Arrays.copyOf(Frames.encode(new byte[100_000]), 60_000);
    AtomicInteger number = new AtomicInteger();
    try (RawServer server =
        new RawServer(
            stream -> {
              if (number.getAndIncrement() % 2 == 0) {
                stream.begin().data(beginning).reset(Http2Error.INTERNAL_ERROR);
              } else {
                stream.begin().data(Frames.encode(message)).trailers("grpc-status", "0");
              }
            })) {
      for (int round = 0; round < 40; round++) {
        try (GrpcCall broken = transport.start(request(server))) {
          assertThatThrownBy(() -> broken.next(PATIENCE)).isInstanceOf(GrpcException.class);
        }
        try (GrpcCall call = transport.start(request(server))) {
          assertThat(call.next(Duration.ofSeconds(25))).as("round %d", round).isEqualTo(message);
        }
      }
    }
  }

  @Test
  void aLostConnectionMayBeTriedAgain() {
    assertFails(GrpcStatus.UNAVAILABLE, stream -> stream.begin().cutConnection());
    assertFails(GrpcStatus.UNAVAILABLE, Stream::cutConnection);
  }

  @Test
  void aServerThatDoesNotListenIsNamed() throws Exception {
    try (SilentPort nobody = new SilentPort()) {
      URI uri = URI.create("http://127.0.0.1:" + nobody.number());
      GrpcRequest request = new GrpcRequest(uri, "/s/M", Map.of(), new byte[0], null);
      try (GrpcCall call = transport.start(request)) {
        assertThatThrownBy(() -> call.next(PATIENCE))
            .isInstanceOfSatisfying(
                GrpcException.class, e -> assertThat(e.status()).isEqualTo(GrpcStatus.UNAVAILABLE))
            .hasMessageContaining(uri.getAuthority());
      }
    }
  }

  @Test
  void closingACallTellsTheServer() throws Exception {
    try (RawServer server =
        new RawServer(stream -> stream.begin().data(Frames.encode(utf8("1"))))) {
      GrpcCall call = transport.start(request(server));
      assertThat(call.next(PATIENCE)).isEqualTo(utf8("1"));
      call.close();
      call.close();
      assertThat(server.resets.poll(30, TimeUnit.SECONDS)).isEqualTo(Http2Error.CANCEL.code());
    }
  }

  @Test
  void closingACallThatHasNoAnswerYetTellsTheServer() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    try (RawServer server = new RawServer(stream -> asked.countDown())) {
      GrpcCall call = transport.start(request(server));
      assertThat(asked.await(30, TimeUnit.SECONDS)).isTrue();
      assertThatThrownBy(() -> call.next(Duration.ofMillis(1)))
          .isInstanceOfSatisfying(
              GrpcException.class,
              e -> assertThat(e.status()).isEqualTo(GrpcStatus.DEADLINE_EXCEEDED));
      call.close();
      assertThat(server.resets.poll(30, TimeUnit.SECONDS)).isEqualTo(Http2Error.CANCEL.code());
    }
  }

  @Test
  void callsThatFindNoFreeStreamWaitForOne() throws Exception {
    try (RawServer server =
            new RawServer(
                stream ->
                    stream.begin().data(Frames.encode(utf8("x"))).trailers("grpc-status", "0"));
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<String>> replies = new ArrayList<>();
      for (int i = 0; i < 300; i++) {
        replies.add(
            threads.submit(
                () -> {
                  try (GrpcCall call = transport.start(request(server))) {
                    return new String(call.next(PATIENCE), StandardCharsets.UTF_8);
                  }
                }));
      }
      for (Future<String> reply : replies) {
        assertThat(reply.get()).isEqualTo("x");
      }
    }
  }

  private static GrpcException assertFails(GrpcStatus status, Consumer<Stream> script) {
    GrpcException[] failure = new GrpcException[1];
    assertThatThrownBy(() -> call(script))
        .isInstanceOfSatisfying(
            GrpcException.class,
            e -> {
              failure[0] = e;
              assertThat(e.status()).as(e.getMessage()).isEqualTo(status);
            });
    return failure[0];
  }

  private static List<String> call(Consumer<Stream> script) throws Exception {
    try (RawServer server = new RawServer(script);
        GrpcCall call = transport.start(request(server))) {
      List<String> messages = new ArrayList<>();
      for (byte[] next = call.next(PATIENCE); next != null; next = call.next(PATIENCE)) {
        messages.add(new String(next, StandardCharsets.UTF_8));
      }
      assertThat(call.next(PATIENCE)).isNull();
      return messages;
    }
  }

  private static GrpcRequest request(RawServer server) {
    return new GrpcRequest(server.uri(), "/s/M", Map.of(), new byte[0], null);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] concat(byte[] one, byte[] other) {
    byte[] both = Arrays.copyOf(one, one.length + other.length);
    System.arraycopy(other, 0, both, one.length, other.length);
    return both;
  }
}
