// SPDX-License-Identifier: MIT

package io.agentruntime.sandbox.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import io.agentruntime.spi.sandbox.FileUpload;
import io.agentruntime.spi.sandbox.ListRequest;
import io.agentruntime.spi.sandbox.ProcessSignal;
import io.agentruntime.spi.sandbox.Sandbox;
import io.agentruntime.spi.sandbox.SandboxProcess;
import io.agentruntime.spi.sandbox.SandboxSpec;
import io.agentruntime.testkit.requirement.RequiresDocker;
import io.agentruntime.testkit.requirement.TestMachine;
import io.agentruntime.testkit.sandbox.SandboxBench;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The engine goes away and comes back: errors in time, and afterwards all is as it was. */
@RequiresDocker
@Timeout(600)
class EngineGoneIT {
  private static final byte[] LINE = "line\n".getBytes(StandardCharsets.UTF_8);

  /**
   * A stopped engine refuses at once; with a frozen one a few limits of half a second pass. Less
   * than the usual limit all the same, so that a limit that is not heeded shows.
   */
  private static final Duration SOON = Duration.ofSeconds(25);

  private static OwnEngine engine;

  @TempDir Path folder;
  private TestDocker docker;
  private DockerSandboxProvider provider;

  @BeforeAll
  static void startEngine() throws Exception {
    engine = new OwnEngine(Files.createTempDirectory("ar-docker"));
    engine.start();
    engine.copyImage(TestMachine.sandboxImage());
  }

  @AfterAll
  static void stopEngine() throws Exception {
    if (engine != null) {
      engine.close();
    }
  }

  @BeforeEach
  void open() {
    docker = new TestDocker(folder, engine.host());
    provider = docker.provider(Map.of("network", "none"));
  }

  @AfterEach
  void close() throws InterruptedException {
    docker.close();
  }

  @Test
  void whileTheEngineIsStoppedEveryOperationSaysSoAndAfterwardsAllIsThere() throws Exception {
    Sandbox sandbox = TestDocker.create(provider);
    SandboxProcess process = TestDocker.start(sandbox, "cat");
    process.writeStdin(0, LINE);
    engine.stop();

    Map<String, ThrowingCallable> operations = operations(provider, sandbox, process);
    operations.put("snapshot", () -> sandbox.snapshot("none"));
    operations.put("terminate", sandbox::terminate);
    assertUnavailable(operations);
    engine.start();

    SandboxBench.await("the sandbox is back", sandbox::isAlive);
    assertThat(provider.list()).hasSize(1);
    assertThat(process.writeStdin(LINE.length, LINE)).isEqualTo(2L * LINE.length);
    process.closeStdin();
    assertThat(TestDocker.exitCode(process)).isZero();
    assertThat(TestDocker.outputOf(process)).isEqualTo("line\nline");
  }

  @Test
  void whileTheEngineHangsEveryOperationEndsInTime() throws Exception {
    Sandbox sandbox = TestDocker.create(provider);
    SandboxProcess process = TestDocker.start(sandbox, "cat");
    process.writeStdin(0, LINE);
    DockerSandboxProvider hasty =
        docker.provider(
            Map.of("network", "none", "connect-timeout", "500ms", "request-timeout", "500ms"));
    patiently(hasty::list);
    Sandbox same = patiently(() -> hasty.attach(sandbox.id()));
    SandboxProcess again = patiently(() -> same.process(process.id()));
    Map<String, ThrowingCallable> operations = operations(hasty, same, again);
    // The engine does what it was asked for when it wakes up.
    operations.remove("pause");
    engine.freeze();

    try {
      assertUnavailable(operations);
    } finally {
      engine.thaw();
    }

    assertThat(process.writeStdin(0, LINE)).isEqualTo(LINE.length);
    process.closeStdin();
    assertThat(TestDocker.exitCode(process)).isZero();
    assertThat(TestDocker.outputOf(process)).isEqualTo("line");
  }

  @Test
  void outputThatIsBeingReadIsCutOffWithAnErrorAndCanBeReadOn() throws Exception {
    Sandbox sandbox = TestDocker.create(provider);
    SandboxProcess process = TestDocker.start(sandbox, "cat");
    process.writeStdin(0, LINE);
    try (InputStream out = process.stdout(0)) {
      assertThat(out.readNBytes(LINE.length)).isEqualTo(LINE);
      engine.stop();
      assertThatThrownBy(out::read).isInstanceOf(IOException.class);
    }
    engine.start();

    SandboxBench.await("the sandbox is back", sandbox::isAlive);
    process.writeStdin(LINE.length, LINE);
    process.closeStdin();
    try (InputStream rest = process.stdout(LINE.length)) {
      assertThat(rest.readAllBytes()).isEqualTo(LINE);
    }
  }

  @Test
  void aServerStartsWithoutAnEngineAndFindsItLater() throws Exception {
    engine.stop();
    DockerSandboxProvider early = docker.provider(Map.of("network", "none"));

    assertThatThrownBy(early::list).hasMessageContaining(engine.host());
    engine.start();

    Sandbox sandbox = TestDocker.create(early);
    assertThat(TestDocker.output(sandbox, "echo hello")).isEqualTo("hello");
  }

  private Map<String, ThrowingCallable> operations(
      DockerSandboxProvider provider, Sandbox sandbox, SandboxProcess process) {
    String file = sandbox.paths().workspace() + "/file";
    Map<String, ThrowingCallable> operations = new LinkedHashMap<>();
    operations.put("create", () -> provider.create(SandboxSpec.named("another")));
    operations.put("attach", () -> provider.attach(sandbox.id()));
    operations.put("list", provider::list);
    operations.put("isAlive", sandbox::isAlive);
    operations.put("start", () -> TestDocker.start(sandbox, "true"));
    operations.put("process", () -> sandbox.process(process.id()));
    operations.put("write", () -> sandbox.writeFiles(List.of(FileUpload.text(file, 0644, "x"))));
    operations.put("readFile", () -> sandbox.readFile(file));
    operations.put("readFiles", () -> sandbox.readFiles(List.of(file), (path, size, in) -> {}));
    operations.put("listFiles", () -> sandbox.list(ListRequest.all("/workspace")));
    operations.put("delete", () -> sandbox.deleteFiles(List.of(file)));
    operations.put("watch", () -> sandbox.watch("/workspace", path -> {}));
    operations.put("pause", sandbox::pause);
    operations.put("resume", sandbox::resume);
    operations.put("stdout", () -> process.stdout(0));
    operations.put("stdin", () -> process.writeStdin(LINE.length, LINE));
    operations.put("closeStdin", process::closeStdin);
    operations.put("exit", process::exit);
    operations.put("awaitExit", () -> process.awaitExit(SOON.multipliedBy(4)));
    operations.put("signal", () -> process.signal(ProcessSignal.TERM));
    operations.put("release", () -> process.release(0));
    return operations;
  }

  /** A busy machine's engine, too, takes longer than half a second now and then. */
  private static <T> T patiently(Callable<T> operation) throws Exception {
    AtomicReference<T> result = new AtomicReference<>();
    SandboxBench.await(
        "the engine answers a hasty client",
        () -> {
          try {
            result.set(operation.call());
            return true;
          } catch (AgentRuntimeException e) {
            assertThat(e.code()).isEqualTo(StandardError.SANDBOX_UNAVAILABLE);
            return false;
          }
        });
    return Objects.requireNonNull(result.get());
  }

  private static void assertUnavailable(Map<String, ThrowingCallable> operations) {
    operations.forEach(
        (name, operation) -> {
          long before = System.nanoTime();
          SandboxBench.assertRefused(StandardError.SANDBOX_UNAVAILABLE, operation);
          assertThat(Duration.ofNanos(System.nanoTime() - before)).as(name).isLessThan(SOON);
        });
  }
}
