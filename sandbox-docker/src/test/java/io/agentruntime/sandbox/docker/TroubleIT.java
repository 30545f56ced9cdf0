// SPDX-License-Identifier: MIT

package io.agentruntime.sandbox.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.dockerjava.api.DockerClient;
import io.agentruntime.error.StandardError;
import io.agentruntime.spi.sandbox.FileUpload;
import io.agentruntime.spi.sandbox.ProcessId;
import io.agentruntime.spi.sandbox.ProcessSpec;
import io.agentruntime.spi.sandbox.Sandbox;
import io.agentruntime.spi.sandbox.SandboxProcess;
import io.agentruntime.testkit.requirement.RequiresDocker;
import io.agentruntime.testkit.sandbox.SandboxBench;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What goes wrong in a sandbox is told as what it is. */
@RequiresDocker
@Timeout(300)
class TroubleIT {
  private static final byte[] LINE = "line\n".getBytes(StandardCharsets.UTF_8);

  @TempDir Path folder;
  private TestDocker docker;

  @BeforeEach
  void open() {
    docker = new TestDocker(folder);
  }

  @AfterEach
  void close() throws InterruptedException {
    docker.close();
  }

  @Test
  void aContainerThatSomebodyKillsIsLostAlsoForWhoReadsItsOutput() throws Exception {
    Sandbox sandbox = TestDocker.create(docker.provider(Map.of()));
    SandboxProcess process = TestDocker.start(sandbox, "cat");
    process.writeStdin(0, LINE);
    try (InputStream out = process.stdout(0)) {
      assertThat(out.readNBytes(LINE.length)).isEqualTo(LINE);

      docker.client().killContainerCmd(sandbox.id()).exec();

      assertThat(endOf(out)).isIn(-1, IOException.class);
    }
    SandboxBench.assertRefused(
        StandardError.SANDBOX_LOST, () -> process.awaitExit(Duration.ofSeconds(30)));
    SandboxBench.assertRefused(
        StandardError.SANDBOX_LOST, () -> process.writeStdin(LINE.length, LINE));
    SandboxBench.assertRefused(StandardError.SANDBOX_LOST, () -> process.stdout(LINE.length));
    assertThat(sandbox.isAlive()).isFalse();
  }

  @Test
  void aContainerThatSomebodyRemovesIsLost() throws Exception {
    Sandbox sandbox = TestDocker.create(docker.provider(Map.of()));
    SandboxProcess process = TestDocker.start(sandbox, "cat");
    DockerClient client = docker.client();

    client.removeContainerCmd(sandbox.id()).withForce(true).exec();

    SandboxBench.assertRefused(
        StandardError.SANDBOX_LOST, () -> process.awaitExit(Duration.ofSeconds(30)));
    SandboxBench.assertRefused(
        StandardError.SANDBOX_LOST,
        () -> sandbox.writeFiles(List.of(FileUpload.text("/workspace/file", 0644, "text"))));
    assertThat(sandbox.isAlive()).isFalse();
    sandbox.terminate();
  }

  @Test
  void aProgramThatTheImageLacksIsNamed() throws Exception {
    Sandbox sandbox = TestDocker.create(docker.provider(Map.of()));

    SandboxProcess process =
        sandbox.start(
            new ProcessSpec(
                new ProcessId("agent"),
                List.of("no-such-agent", "--flag"),
                Map.of(),
                sandbox.paths().workspace(),
                ProcessSpec.DEFAULT_SPOOL_LIMIT));

    assertThat(TestDocker.exitCode(process)).isEqualTo(127);
    assertThat(errorsOf(process)).contains("no-such-agent").contains("No such file");
  }

  @Test
  void outputThatFillsTheSpoolsFileSystemEndsTheProgramWithTheReason() throws Exception {
    Sandbox sandbox = TestDocker.create(docker.provider(Map.of("spool-size", "8m")));

    SandboxProcess process = TestDocker.start(sandbox, "head -c 20000000 /dev/zero; echo over >&2");

    assertThat(TestDocker.exitCode(process)).isEqualTo(128 + 9);
    assertThat(errorsOf(process)).contains("the out stream cannot be written");
    assertThat(sandbox.isAlive()).isTrue();
  }

  @Test
  void aFullFileSystemIsNamedByWhoWritesAndThereIsRoomAgainLater() throws Exception {
    Sandbox sandbox =
        TestDocker.create(docker.provider(Map.of("read-only", "true", "tmp-size", "8m")));
    FileUpload large = FileUpload.text("/tmp/large", 0644, "x".repeat(9_000_000));

    assertThatThrownBy(() -> sandbox.writeFiles(List.of(large)))
        .hasMessageContaining(sandbox.id())
        .hasMessageContaining("no space left on the file system");
    SandboxBench.assertRefused(
        StandardError.SANDBOX_FAILED, () -> sandbox.writeFiles(List.of(large)));

    assertThat(TestDocker.output(sandbox, "rm /tmp/large; echo room")).isEqualTo("room");
    sandbox.writeFiles(List.of(FileUpload.text("/tmp/small", 0644, "text")));
  }

  @Test
  void aFullScratchIsNamedWhereNoProcessCanBeStarted() throws Exception {
    Sandbox sandbox = TestDocker.create(docker.provider(Map.of("spool-size", "8m")));
    TestDocker.output(sandbox, "cat /dev/zero >/run/agent-runtime/full 2>/dev/null || :");

    assertThatThrownBy(() -> TestDocker.start(sandbox, "true"))
        .hasMessageContaining(sandbox.id())
        .hasMessageContaining("no space left on the file system");
    assertThat(sandbox.isAlive()).isTrue();
    sandbox.deleteFiles(List.of("/run/agent-runtime/full"));
    assertThat(TestDocker.output(sandbox, "echo room")).isEqualTo("room");
  }

  private static Object endOf(InputStream out) {
    try {
      return out.read();
    } catch (IOException e) {
      return IOException.class;
    }
  }

  private static String errorsOf(SandboxProcess process) throws Exception {
    try (InputStream errors = process.stderr(0)) {
      return new String(errors.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
