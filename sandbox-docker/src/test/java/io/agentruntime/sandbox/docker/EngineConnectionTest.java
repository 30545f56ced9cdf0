// SPDX-License-Identifier: MIT

package io.agentruntime.sandbox.docker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class EngineConnectionTest {
  private static final Duration PATIENT = Duration.ofSeconds(60);
  private static final RequestBody EMPTY = new RequestBody.Bytes(new byte[0]);

  @TempDir Path folder;
  private FakeEngine engine;
  private EngineConnections connections;
  private final CountDownLatch end = new CountDownLatch(1);

  @BeforeEach
  void open() throws IOException {
    engine = new FakeEngine(folder);
    connections = new EngineConnections(engine.address(), Duration.ofSeconds(30));
  }

  @AfterEach
  void close() throws IOException {
    end.countDown();
    assertThat(connections.count()).as("open connections").isZero();
    connections.close();
    engine.close();
  }

  @Test
  void anAnswerOfKnownLengthIsRead() throws IOException {
    assertThat(answerTo("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhellomore"))
        .isEqualTo("hello");
  }

  @Test
  void anAnswerInChunksIsRead() throws IOException {
    assertThat(
            answerTo(
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                    + "3\r\nhel\r\n2;x=y\r\nlo\r\n0\r\n\r\n"))
        .isEqualTo("hello");
  }

  @Test
  void anAnswerThatEndsWithTheConnectionIsRead() throws IOException {
    assertThat(answerTo("HTTP/1.1 200 OK\r\n\r\nhello")).isEqualTo("hello");
  }

  @Test
  void anAnswerThatIsCutOffIsAnError() {
    assertThatThrownBy(() -> answerTo("HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nhello"))
        .isInstanceOf(EOFException.class);
    assertThatThrownBy(
            () -> answerTo("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nhello"))
        .isInstanceOf(EOFException.class);
    assertThatThrownBy(() -> answerTo("HTTP/1.1 200 OK\r\nContent-"))
        .isInstanceOf(EOFException.class);
  }

  @Test
  void aServerThatIsNoEngineIsAnError() {
    assertThatThrownBy(() -> answerTo("SSH-2.0-OpenSSH\r\n"))
        .hasMessageContaining("not a Docker engine");
  }

  @Test
  void aLineWithoutEndIsRefused() {
    assertThatThrownBy(() -> answerTo("HTTP/1.1 200 " + "x".repeat(100_000)))
        .hasMessageContaining("line of over");
  }

  @Test
  void anEngineThatHangsEndsACallInTime() {
    engine.next(this::hang);

    assertThatThrownBy(() -> ask(Duration.ofMillis(100)))
        .isInstanceOf(SocketTimeoutException.class)
        .hasMessageContaining("100 ms");
  }

  @Test
  void anEngineThatIsNotThereIsAnError() throws IOException {
    engine.close();

    assertThatThrownBy(() -> ask(PATIENT)).isInstanceOf(IOException.class);
  }

  @Test
  void anInterruptEndsACallAndStaysSet() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    engine.next(
        channel -> {
          channel.read(ByteBuffer.allocate(1000));
          asked.countDown();
          hang(channel);
        });
    FutureTask<Boolean> call =
        new FutureTask<>(
            () -> {
              assertThatThrownBy(() -> ask(PATIENT)).isInstanceOf(InterruptedIOException.class);
              return Thread.currentThread().isInterrupted();
            });
    Thread thread = Thread.ofVirtual().start(call);
    assertThat(asked.await(30, TimeUnit.SECONDS)).isTrue();

    thread.interrupt();

    assertThat(call.get(30, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void closingTheProviderEndsWhatIsStillRead() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    engine.next(
        channel -> {
          channel.read(ByteBuffer.allocate(1000));
          asked.countDown();
          hang(channel);
        });
    FutureTask<Throwable> call =
        new FutureTask<>(() -> org.assertj.core.api.Assertions.catchThrowable(() -> ask(PATIENT)));
    Thread.ofVirtual().start(call);
    assertThat(asked.await(30, TimeUnit.SECONDS)).isTrue();

    connections.close();

    assertThat(call.get(30, TimeUnit.SECONDS)).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> connections.open(PATIENT)).hasMessageContaining("closed");
  }

  @Test
  void aProgramSeesTheEndOfItsInputAndCanStillAnswer() throws IOException {
    byte[] input = new byte[300_000];
    engine.next(
        channel -> {
          readHead(channel);
          write(channel, "HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n");
          long count = 0;
          ByteBuffer bytes = ByteBuffer.allocate(10_000);
          for (int n = channel.read(bytes.clear()); n >= 0; n = channel.read(bytes.clear())) {
            count += n;
          }
          String answer = Long.toString(count);
          write(channel, "\1\0\0\0\0\0\0" + (char) answer.length() + answer);
        });

    try (ExecStream stream = ExecStream.start(connections.open(PATIENT), "abc")) {
      stream.stdin().write(input);
      stream.stdin().close();

      assertThat(new String(stream.stdout().readAllBytes(), UTF_8)).isEqualTo("300000");
    }
  }

  @Test
  void aRefusedStartTellsTheEnginesReason() {
    engine.next(
        channel -> {
          readHead(channel);
          write(channel, "HTTP/1.1 409 Conflict\r\n\r\n{\"message\":\"container is paused\"}");
        });

    assertThatThrownBy(() -> ExecStream.start(connections.open(PATIENT), "abc"))
        .isInstanceOfSatisfying(
            EngineRefusal.class, refusal -> assertThat(refusal.status()).isEqualTo(409))
        .hasMessage("container is paused");
  }

  private String answerTo(String answer) throws IOException {
    engine.next(
        channel -> {
          readHead(channel);
          write(channel, answer);
        });
    return ask(PATIENT);
  }

  private String ask(Duration timeout) throws IOException {
    try (EngineConnection connection = connections.open(timeout)) {
      HttpExchange answer = HttpExchange.send(connection, "GET", "/x", Map.of(), EMPTY);
      return new String(answer.body().readAllBytes(), UTF_8);
    }
  }

  private void hang(SocketChannel channel) {
    try {
      end.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void readHead(SocketChannel channel) throws IOException {
    InputStream in = Channels.newInputStream(channel);
    StringBuilder head = new StringBuilder();
    while (!head.toString().endsWith("\r\n\r\n")) {
      head.append((char) in.read());
    }
    int length = head.indexOf("Content-Length: ");
    in.readNBytes(Integer.parseInt(head.substring(length + 16).split("\r\n", 2)[0]));
  }

  private static void write(SocketChannel channel, String text) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(UTF_8));
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }
}
