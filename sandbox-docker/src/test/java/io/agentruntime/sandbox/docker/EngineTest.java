// SPDX-License-Identifier: MIT

package io.agentruntime.sandbox.docker;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentruntime.error.StandardError;
import io.agentruntime.testkit.TestProviderContext;
import io.agentruntime.testkit.sandbox.SandboxBench;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class EngineTest {
  private static final String VERSION = "{\"Version\":\"20.10.24\",\"ApiVersion\":\"1.41\"}";

  @TempDir Path folder;
  private FakeEngine fake;
  private Engine engine;

  @BeforeEach
  void open() throws IOException {
    fake = new FakeEngine(folder);
    engine =
        new Engine(
            DockerSettings.read(
                new TestProviderContext(
                    "test",
                    folder,
                    InstantSource.system(),
                    Map.of("host", fake.address().toString(), "request-timeout", "30s")),
                Map.of()));
  }

  @AfterEach
  void close() throws IOException {
    engine.close();
    fake.close();
  }

  @Test
  void twoFirstCallsAtOnceAskTheEngineOnce() throws Exception {
    AtomicInteger asked = new AtomicInteger();
    CountDownLatch answer = new CountDownLatch(1);
    FakeEngine.Play play =
        channel -> {
          channel.read(ByteBuffer.allocate(8192));
          asked.incrementAndGet();
          await(answer);
          write(channel, 200, VERSION);
        };
    fake.next(play);
    fake.next(play);

    List<FutureTask<Boolean>> calls = Stream.of(use(), use()).toList();
    List<Thread> threads = calls.stream().map(Thread.ofPlatform()::start).toList();
    SandboxBench.await(
        "both wait for one answer",
        () -> threads.stream().allMatch(thread -> thread.getState() == Thread.State.WAITING));
    answer.countDown();

    for (FutureTask<Boolean> call : calls) {
      assertThat(call.get(30, TimeUnit.SECONDS)).isTrue();
    }
    assertThat(asked).hasValue(1);
    engine.requireUsable();
    assertThat(asked).hasValue(1);
  }

  @Test
  void anEngineThatDidNotAnswerIsAskedAgain() throws Exception {
    fake.next(
        channel -> {
          channel.read(ByteBuffer.allocate(8192));
          write(channel, 500, "{\"message\":\"not yet\"}");
        });
    SandboxBench.assertRefused(StandardError.SANDBOX_FAILED, engine::requireUsable);
    fake.next(
        channel -> {
          channel.read(ByteBuffer.allocate(8192));
          write(channel, 200, VERSION);
        });

    engine.requireUsable();
  }

  @Test
  void anEngineThatIsTooOldIsNamedWithWhatIsNeeded() {
    fake.next(
        channel -> {
          channel.read(ByteBuffer.allocate(8192));
          write(channel, 200, "{\"Version\":\"19.03\",\"ApiVersion\":\"1.40\"}");
        });

    SandboxBench.assertRefused(StandardError.SANDBOX_UNAVAILABLE, engine::requireUsable);
  }

  private FutureTask<Boolean> use() {
    return new FutureTask<>(
        () -> {
          engine.requireUsable();
          return true;
        });
  }

  private static void await(CountDownLatch latch) throws IOException {
    try {
      if (!latch.await(30, TimeUnit.SECONDS)) {
        throw new IOException("nobody let the engine answer");
      }
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  private static void write(SocketChannel channel, int status, String body) throws IOException {
    String answer =
        "HTTP/1.1 %d X\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
            .formatted(status, body.length(), body);
    channel.write(ByteBuffer.wrap(answer.getBytes(StandardCharsets.UTF_8)));
  }
}
