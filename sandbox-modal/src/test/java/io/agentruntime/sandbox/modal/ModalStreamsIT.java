// SPDX-License-Identifier: MIT

package io.agentruntime.sandbox.modal;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentruntime.model.workspace.Content;
import io.agentruntime.sandbox.modal.standin.Faults.Cut;
import io.agentruntime.spi.sandbox.FileUpload;
import io.agentruntime.spi.sandbox.Sandbox;
import io.agentruntime.spi.sandbox.SandboxProcess;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Streams of output break in all the ways they can, and not a byte is lost or doubled. */
class ModalStreamsIT extends ModalInTrouble {
  @ParameterizedTest
  @EnumSource(Cut.class)
  void aCutOutputIsTakenUpAtTheByteWhereItBroke(Cut how) throws Exception {
    Sandbox sandbox = create();
    byte[] bytes = new byte[900_001];
    new Random(7).nextBytes(bytes);
    sandbox.writeFiles(List.of(FileUpload.regular("/workspace/bytes", 0644, Content.of(bytes))));
    SandboxProcess process = run(sandbox, "cat /workspace/bytes");
    assertThat(process.awaitExit(Duration.ofSeconds(60))).isPresent();
    long before = cloud.server.calls("TaskExecStdioRead");
    for (long after : new long[] {2, 400_000, 1, 100_003, 65_536}) {
      cloud.server.faults().cut("TaskExecStdioRead", how, after);
    }
    try (InputStream out = process.stdout(0)) {
      assertThat(out.readAllBytes()).isEqualTo(bytes);
    }
    assertThat(cloud.server.calls("TaskExecStdioRead") - before).isGreaterThanOrEqualTo(6);
  }

  /** A hundred cuts or so, at bytes and in ways that a seed fixes. */
  @Test
  void whereverOutputIsCutNotAByteIsLostOrDoubled() throws Exception {
    Random random = new Random(20_261_122);
    byte[] bytes = new byte[60_000];
    random.nextBytes(bytes);
    Sandbox sandbox = create();
    sandbox.writeFiles(List.of(FileUpload.regular("/workspace/bytes", 0644, Content.of(bytes))));
    SandboxProcess process = run(sandbox, "cat /workspace/bytes");
    assertThat(process.awaitExit(Duration.ofSeconds(60))).isPresent();
    for (int round = 0; round < 30; round++) {
      StringBuilder cuts = new StringBuilder();
      for (int cut = random.nextInt(1, 7); cut > 0; cut--) {
        cuts.append(cutSomewhere(random, random.nextBoolean() ? 40 : bytes.length));
      }
      int offset = random.nextBoolean() ? 0 : random.nextInt(bytes.length);
      try (InputStream out = process.stdout(offset)) {
        assertThat(out.readAllBytes())
            .as("round %d from %d, cut after%s", round, offset, cuts)
            .isEqualTo(Arrays.copyOfRange(bytes, offset, bytes.length));
      }
      cloud.server.faults().forget();
    }
  }

  /** The program answers line by line while its output is cut again and again. */
  @Test
  void whileAProgramRunsItsOutputMayBeCutAnywhere() throws Exception {
    Random random = new Random(20_261_123);
    SandboxProcess process = run(create(), "cat");
    long offset = 0;
    try (InputStream out = process.stdout(0)) {
      for (int line = 0; line < 60; line++) {
        if (random.nextBoolean()) {
          String unused = cutSomewhere(random, 60);
        }
        byte[] text = utf8("line %d %s\n".formatted(line, "x".repeat(random.nextInt(40))));
        assertThat(process.writeStdin(offset, text)).isEqualTo(offset + text.length);
        offset += text.length;
        assertThat(out.readNBytes(text.length)).isEqualTo(text);
      }
      cloud.server.faults().forget();
      process.closeStdin();
      assertThat(out.read()).isEqualTo(-1);
    }
  }

  private static String cutSomewhere(Random random, int bound) {
    Cut how = Cut.values()[random.nextInt(Cut.values().length)];
    int after = random.nextInt(bound);
    cloud.server.faults().cut("TaskExecStdioRead", how, after);
    return " " + after + " (" + how + ")";
  }

  @Test
  void aLostConnectionInTheMiddleOfATurnIsNotNoticed() throws Exception {
    Sandbox sandbox = create();
    SandboxProcess process = run(sandbox, "cat");
    try (InputStream out = process.stdout(0)) {
      process.writeStdin(0, utf8("one\n"));
      assertThat(out.readNBytes(4)).isEqualTo(utf8("one\n"));
      cloud.server.dropConnections();
      process.writeStdin(4, utf8("two\n"));
      assertThat(out.readNBytes(4)).isEqualTo(utf8("two\n"));
      process.closeStdin();
      assertThat(out.read()).isEqualTo(-1);
    }
  }

  @Test
  void aFollowerWhoseTokenIsRefusedGoesOn() throws Exception {
    SandboxProcess process = run(create(), "cat");
    try (InputStream out = process.stdout(0)) {
      process.writeStdin(0, utf8("one\n"));
      assertThat(out.readNBytes(4)).isEqualTo(utf8("one\n"));
      cloud.server.revokeRouterTokens();
      cloud.server.dropConnections();
      process.writeStdin(4, utf8("two\n"));
      assertThat(out.readNBytes(4)).isEqualTo(utf8("two\n"));
    }
  }

  /** The server allows 10 calls per connection and refuses more. */
  @Test
  void fiftySandboxesWithThreeStreamsEachShareFewConnections() throws Exception {
    int count = 50;
    AtomicInteger connections = new AtomicInteger();
    CyclicBarrier allFollow =
        new CyclicBarrier(count, () -> connections.set(cloud.server.routerConnections()));
    long start = System.nanoTime();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<String>> conversations = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        String line = "line of " + i + "\n";
        conversations.add(threads.submit(() -> converse(create(), line, allFollow)));
      }
      for (int i = 0; i < count; i++) {
        assertThat(conversations.get(i).get()).isEqualTo("line of " + i + "\n");
      }
    }
    System.out.printf(
        "50 sandboxes with 3 streams each: %.1f s, %d connections to the command router%n",
        (System.nanoTime() - start) / 1e9, connections.get());
    assertThat(connections.get()).isBetween(19, 64);
  }

  /** Two outputs of one process and one of another, followed at the same time. */
  private String converse(Sandbox sandbox, String line, CyclicBarrier allFollow) throws Exception {
    SandboxProcess process = run(sandbox, "read -r line; echo \"$line\"; echo \"$line\" >&2; cat");
    SandboxProcess other = run(sandbox, "read -r line; echo \"$line\"; cat");
    try (InputStream out = process.stdout(0);
        InputStream err = process.stderr(0);
        InputStream second = other.stdout(0)) {
      allFollow.await(240, TimeUnit.SECONDS);
      process.writeStdin(0, utf8(line));
      other.writeStdin(0, utf8(line));
      assertThat(err.readNBytes(line.length())).isEqualTo(utf8(line));
      assertThat(second.readNBytes(line.length())).isEqualTo(utf8(line));
      String read = new String(out.readNBytes(line.length()), StandardCharsets.UTF_8);
      sandbox.terminate();
      return read;
    }
  }
}
