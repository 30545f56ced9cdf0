// SPDX-License-Identifier: MIT

package io.agentruntime.sandbox.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import io.agentruntime.spi.sandbox.ExitStatus;
import io.agentruntime.spi.sandbox.ProcessId;
import io.agentruntime.spi.sandbox.ProcessSignal;
import io.agentruntime.spi.sandbox.ProcessSpec;
import io.agentruntime.spi.sandbox.Sandbox;
import io.agentruntime.spi.sandbox.SandboxListing;
import io.agentruntime.spi.sandbox.SandboxProcess;
import io.agentruntime.spi.sandbox.SandboxProvider;
import io.agentruntime.spi.sandbox.SandboxSpec;
import io.agentruntime.testkit.TestProviderContext;
import io.agentruntime.testkit.requirement.RequiresBubblewrap;
import io.agentruntime.testkit.sandbox.SandboxBench;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is particular to this provider. */
@Timeout(180)
class LocalSandboxProviderTest {
  @TempDir Path data;
  @TempDir Path programs;
  private final LocalSandboxProvider provider = new LocalSandboxProvider();

  @AfterEach
  void endSandboxes() throws Exception {
    provider.close();
    LocalSandboxProvider last = new LocalSandboxProvider();
    last.open(context(Map.of("bubblewrap", "never")));
    for (var left : last.list()) {
      last.attach(left.id()).terminate();
    }
    last.close();
  }

  @Test
  void theServiceLoaderFindsIt() {
    assertThat(ServiceLoader.load(SandboxProvider.class))
        .anyMatch(found -> found instanceof LocalSandboxProvider);
  }

  @ParameterizedTest
  @CsvSource({
    "bubblewrap,sometimes",
    "program-path,relative",
    "program-path,/no/such/folder",
    "colour,blue"
  })
  void aWrongSettingIsNamed(String key, String value) {
    assertThatThrownBy(() -> provider.open(context(Map.of(key, value))))
        .isInstanceOfSatisfying(
            AgentRuntimeException.class,
            e -> assertThat(e.code().name()).isEqualTo("CONFIGURATION"))
        .hasMessageContaining("'" + key + "'");
  }

  @Test
  void programsAreFoundOnTheProgramPath() throws Exception {
    assertProgramPathWorks("never");
  }

  @Test
  @RequiresBubblewrap
  void programsAreFoundOnTheProgramPathBehindBubblewrap() throws Exception {
    assertProgramPathWorks("always");
  }

  private void assertProgramPathWorks(String bubblewrap) throws Exception {
    Path program = programs.resolve("agent-program");
    Files.writeString(program, "#!/bin/sh\necho it runs\n");
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
    provider.open(context(Map.of("program-path", programs.toString(), "bubblewrap", bubblewrap)));
    Sandbox sandbox = provider.create(SandboxSpec.named("path"));
    assertThat(output(start(sandbox, "p", List.of("agent-program")))).isEqualTo("it runs\n");
  }

  @Test
  void aSandboxWhoseEndHadBegunIsEndedByItsId() throws Exception {
    open();
    Sandbox sandbox = provider.create(SandboxSpec.named("begun"));
    Files.createFile(data.resolve(sandbox.id()).resolve("ended"));
    assertThat(provider.list()).extracting(SandboxListing::running).containsExactly(false);

    provider.terminate(sandbox.id());

    assertThat(provider.list()).isEmpty();
    assertThat(data.resolve(sandbox.id())).doesNotExist();
    provider.terminate(sandbox.id());
  }

  @Test
  void nothingOfASandboxIsReadableForOtherUsers() throws Exception {
    open();
    Sandbox sandbox = provider.create(SandboxSpec.named("private"));
    for (Path folder : List.of(data, data.resolve(sandbox.id()))) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)))
          .isEqualTo("rwx------");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "env -i setsid sleep 8800801",
        "env -i HOME=\"$HOME\" setsid sh -c 'sleep 8800801 & sleep 8800802 &'",
        "(setsid env -u HOME -u TMPDIR sleep 8800801 &)"
      })
  void terminatingEndsWhatTriesToGetAway(String script) throws Exception {
    open();
    Sandbox sandbox = provider.create(SandboxSpec.named("away"));
    SandboxProcess process = start(sandbox, "p", List.of("sh", "-c", script + " & echo on; wait"));
    awaitStart(process);
    int programs = script.split("sleep ", -1).length - 1;
    SandboxBench.await("it runs", () -> countOf("880080") == programs);
    sandbox.terminate();
    assertThat(countOf("880080")).isZero();
    assertThat(data.resolve(sandbox.id())).doesNotExist();
  }

  @Test
  void whatADyingServerLeftIsRemovedByTheNext() throws Exception {
    open();
    Sandbox sandbox = provider.create(SandboxSpec.named("half-ended"));
    awaitStart(start(sandbox, "p", List.of("sh", "-c", "echo on; sleep 8800803")));
    Files.createFile(data.resolve(sandbox.id()).resolve("ended"));
    assertThat(sandbox.isAlive()).isFalse();
    assertThat(provider.list()).singleElement().matches(listed -> !listed.running());

    LocalSandboxProvider next = new LocalSandboxProvider();
    next.open(context(Map.of("bubblewrap", "never")));
    assertThat(next.list()).isEmpty();
    assertThat(data.resolve(sandbox.id())).doesNotExist();
    assertThat(countOf("8800803")).isZero();
    next.close();
  }

  @Test
  void aKilledSupervisorIsReportedAsALostExit() throws Exception {
    open();
    Sandbox sandbox = provider.create(SandboxSpec.named("supervised"));
    SandboxProcess process = start(sandbox, "p", List.of("sh", "-c", "echo on; sleep 8800804"));
    awaitStart(process);
    String supervisor = Files.readString(data.resolve(sandbox.id() + "/spool/p/supervisor"));
    ProcessHandle.of(Long.parseLong(supervisor.split(" ")[0])).orElseThrow().destroyForcibly();
    process.signal(ProcessSignal.KILL);
    assertThat(process.awaitExit(SandboxBench.PATIENCE)).contains(new ExitStatus(255));
    assertThat(output(process)).isEqualTo("on\n");
  }

  @Test
  void theSpaceOfReleasedOutputIsGivenBack() throws Exception {
    open();
    Sandbox sandbox = provider.create(SandboxSpec.named("space"));
    SandboxProcess process = start(sandbox, "p", List.of("head", "-c", "30000000", "/dev/zero"));
    process.awaitExit(SandboxBench.PATIENCE);
    process.release(29_000_000);
    Path out = data.resolve(sandbox.id() + "/spool/p/out");
    assertThat(Files.size(out)).isEqualTo(30_000_000);
    Process usage = new ProcessBuilder("du", "-k", out.toString()).start();
    String kilobytes = new String(usage.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(Integer.parseInt(kilobytes.split("\t")[0])).isLessThan(10_000);
  }

  @Test
  void aClosedProviderEndsItsFollowers() throws Exception {
    open();
    Sandbox sandbox = provider.create(SandboxSpec.named("followed"));
    SandboxProcess process = start(sandbox, "p", List.of("sh", "-c", "echo on; sleep 8800805"));
    try (InputStream out = process.stdout(0)) {
      assertThat(out.readNBytes(3)).hasSize(3);
      provider.close();
      assertThatThrownBy(out::read).isInstanceOf(IOException.class);
    }
  }

  @Test
  void aNameWithColonsMakesAPathWithout() throws Exception {
    open();
    Sandbox sandbox = provider.create(SandboxSpec.named("session:1:2"));
    assertThat(sandbox.paths().workspace()).doesNotContain(":");
    assertThat(provider.list()).singleElement().matches(l -> l.name().equals("session:1:2"));
  }

  @Test
  void aPathOutsideOfTheSandboxIsRefused() throws Exception {
    open();
    Sandbox sandbox = provider.create(SandboxSpec.named("inside"));
    String description = data.resolve(sandbox.id()).resolve("sandbox.properties").toString();
    SandboxBench.assertRefused(StandardError.FILE_NOT_FOUND, () -> sandbox.readFile(description));
    SandboxBench.assertRefused(
        StandardError.INVALID_ARGUMENT, () -> sandbox.deleteFiles(List.of(description)));
    SandboxBench.assertRefused(
        StandardError.INVALID_ARGUMENT,
        () -> sandbox.deleteFiles(List.of(sandbox.paths().workspace())));
  }

  private void open() throws InterruptedException {
    provider.open(context(Map.of("bubblewrap", "never")));
  }

  private TestProviderContext context(Map<String, String> settings) {
    return new TestProviderContext("test", data, InstantSource.system(), settings);
  }

  private static SandboxProcess start(Sandbox sandbox, String id, List<String> command)
      throws InterruptedException {
    return sandbox.start(
        new ProcessSpec(
            new ProcessId(id),
            command,
            Map.of(),
            sandbox.paths().workspace(),
            ProcessSpec.DEFAULT_SPOOL_LIMIT));
  }

  private static String output(SandboxProcess process) throws Exception {
    try (InputStream out = process.stdout(0)) {
      return new String(out.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static void awaitStart(SandboxProcess process) throws Exception {
    try (InputStream out = process.stdout(0)) {
      assertThat(out.readNBytes(3)).isEqualTo("on\n".getBytes(StandardCharsets.UTF_8));
    }
  }

  private static long countOf(String argument) {
    return ProcessHandle.allProcesses()
        .filter(process -> commandLine(process).startsWith("sleep\0" + argument))
        .count();
  }

  private static String commandLine(ProcessHandle process) {
    try {
      return Files.readString(
          Path.of("/proc", Long.toString(process.pid()), "cmdline"), StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      return "";
    }
  }
}
