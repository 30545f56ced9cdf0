// SPDX-License-Identifier: MIT

package io.agentruntime.testkit.sandbox;

import static io.agentruntime.spi.sandbox.SandboxCapability.ENDPOINT;
import static io.agentruntime.spi.sandbox.SandboxCapability.HOST_ACCESS;
import static io.agentruntime.spi.sandbox.SandboxCapability.NETWORK_POLICY;
import static io.agentruntime.spi.sandbox.SandboxCapability.PAUSE;
import static io.agentruntime.spi.sandbox.SandboxCapability.PROCESS_LIMIT;
import static io.agentruntime.spi.sandbox.SandboxCapability.REATTACH;
import static io.agentruntime.spi.sandbox.SandboxCapability.RESOURCE_LIMITS;
import static io.agentruntime.spi.sandbox.SandboxCapability.SNAPSHOT;
import static io.agentruntime.spi.sandbox.SandboxCapability.WATCH;
import static org.assertj.core.api.Assertions.assertThat;

import io.agentruntime.spi.sandbox.FileUpload;
import io.agentruntime.spi.sandbox.NetworkMode;
import io.agentruntime.spi.sandbox.Sandbox;
import io.agentruntime.spi.sandbox.SandboxProcess;
import io.agentruntime.spi.sandbox.SandboxResources;
import io.agentruntime.spi.sandbox.SandboxSpec;
import java.util.List;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is declared works, what is not declared is refused. */
interface CapabilityContract extends SandboxTopic {
  @Test
  default void theIdIsKebabCaseAndTheCapabilitiesAreConstant() {
    assertThat(bench().provider().id()).matches("[a-z][a-z0-9]*(-[a-z0-9]+)*");
    assertThat(bench().provider().capabilities()).isEqualTo(bench().provider().capabilities());
  }

  @Test
  default void whatIsNotDeclaredIsRefused() throws Exception {
    Sandbox sandbox = bench().sandbox();
    bench().canOrRefuses(WATCH, () -> sandbox.watch(sandbox.paths().workspace(), path -> {}));
    bench().canOrRefuses(ENDPOINT, () -> sandbox.endpoint(8080));
    bench().canOrRefuses(HOST_ACCESS, sandbox::hostAddress);
    bench().canOrRefuses(PAUSE, sandbox::pause);
    bench().canOrRefuses(PAUSE, sandbox::resume);
    bench().canOrRefuses(SNAPSHOT, () -> sandbox.snapshot("image"));
    bench()
        .canOrRefuses(
            NETWORK_POLICY, () -> bench().create(spec(NetworkMode.NONE, null, null, null)));
    bench()
        .canOrRefuses(
            RESOURCE_LIMITS,
            () -> bench().create(spec(NetworkMode.DEFAULT, 512L << 20, null, null)));
    bench()
        .canOrRefuses(
            RESOURCE_LIMITS, () -> bench().create(spec(NetworkMode.DEFAULT, null, 0.5, null)));
    bench()
        .canOrRefuses(
            PROCESS_LIMIT, () -> bench().create(spec(NetworkMode.DEFAULT, null, null, 100)));
    if (bench().can(REATTACH)) {
      assertThat(bench().provider().list()).hasSize(1);
    }
  }

  @Test
  default void limitsAreAccepted() throws Exception {
    if (!bench()
        .canOrRefuses(
            RESOURCE_LIMITS,
            () -> bench().create(spec(NetworkMode.DEFAULT, 512L << 20, null, null)))) {
      return;
    }
    Integer processes = bench().can(PROCESS_LIMIT) ? 200 : null;
    Sandbox sandbox = bench().create(spec(NetworkMode.DEFAULT, 512L << 20, 1.0, processes));
    SandboxProcess process = bench().start(sandbox, bench().programs().print("ok", ""));
    assertThat(bench().output(process)).isEqualTo("ok");
  }

  @Test
  default void withoutNetworkThereIsOnlyLoopback() throws Exception {
    if (!bench()
        .canOrRefuses(
            NETWORK_POLICY, () -> bench().create(spec(NetworkMode.NONE, null, null, null)))) {
      return;
    }
    Sandbox sandbox = bench().create(spec(NetworkMode.NONE, null, null, null));
    SandboxProcess process = bench().start(sandbox, List.of("cat", "/proc/net/dev"));
    assertThat(bench().output(process).lines().filter(line -> line.contains(":")))
        .singleElement()
        .satisfies(line -> assertThat(line.strip()).startsWith("lo:"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"program", "runtime"})
  default void changesOfFilesAreReported(String who) throws Exception {
    if (!bench()
        .canOrRefuses(
            WATCH,
            () -> bench().sandbox().watch(bench().sandbox().paths().workspace(), path -> {}))) {
      return;
    }
    Sandbox sandbox = bench().sandbox();
    String workspace = sandbox.paths().workspace();
    LinkedBlockingQueue<String> reports = new LinkedBlockingQueue<>();
    try (AutoCloseable watch = sandbox.watch(workspace, reports::add)) {
      if (who.equals("program")) {
        bench().run(bench().programs().writeFile(workspace + "/a", "text"));
      } else {
        sandbox.writeFiles(List.of(FileUpload.text(workspace + "/a", 0644, "text")));
      }
      assertThat(reports.poll(SandboxBench.PATIENCE.toSeconds(), TimeUnit.SECONDS)).isNotNull();
    }
  }

  @Test
  default void changesInNewDirectoriesAreReported() throws Exception {
    if (!bench()
        .canOrRefuses(
            WATCH,
            () -> bench().sandbox().watch(bench().sandbox().paths().workspace(), path -> {}))) {
      return;
    }
    Sandbox sandbox = bench().sandbox();
    String deep = sandbox.paths().workspace() + "/new/deep/file";
    LinkedBlockingQueue<String> reports = new LinkedBlockingQueue<>();
    try (AutoCloseable watch = sandbox.watch(sandbox.paths().workspace(), reports::add)) {
      sandbox.writeFiles(List.of(FileUpload.text(deep, 0644, "one")));
      assertThat(reports.poll(SandboxBench.PATIENCE.toSeconds(), TimeUnit.SECONDS)).isNotNull();
      SandboxBench.await(
          "a change in the new directory is seen",
          () -> {
            reports.clear();
            bench().run(bench().programs().writeFile(deep, "two"));
            return reports.poll(100, TimeUnit.MILLISECONDS) != null;
          });
    }
  }

  @Test
  default void theHostHasAName() throws Exception {
    if (!bench().canOrRefuses(HOST_ACCESS, () -> bench().sandbox().hostAddress())) {
      return;
    }
    assertThat(bench().sandbox().hostAddress()).isNotBlank();
  }

  @Test
  default void aPausedSandboxStandsStill() throws Exception {
    if (!bench().canOrRefuses(PAUSE, () -> bench().sandbox().pause())) {
      return;
    }
    Sandbox sandbox = bench().sandbox();
    SandboxProcess process = bench().start(bench().programs().cat());
    sandbox.pause();
    assertThat(sandbox.isAlive()).isTrue();
    sandbox.resume();
    process.writeStdin(0, SandboxBench.utf8("on\n"));
    bench().awaitOutput(process, "on\n");
  }

  @Test
  default void aSnapshotIsAnImageToStartFrom() throws Exception {
    if (!bench().canOrRefuses(SNAPSHOT, () -> bench().sandbox().snapshot("image"))) {
      return;
    }
    Sandbox sandbox = bench().sandbox();
    String path = sandbox.paths().home() + "/kept";
    bench().run(bench().programs().writeFile(path, "kept"));
    String image = sandbox.snapshot(SandboxBench.unique("snapshot"));
    SandboxSpec spec =
        new SandboxSpec(
            SandboxBench.unique("copy"),
            Map.of(),
            Map.of(),
            SandboxResources.DEFAULT,
            NetworkMode.DEFAULT,
            image);
    try (var content = bench().create(spec).readFile(path)) {
      assertThat(content.readAllBytes()).isEqualTo(SandboxBench.utf8("kept"));
    }
  }

  private static SandboxSpec spec(
      NetworkMode network,
      @Nullable Long memory,
      @Nullable Double cpus,
      @Nullable Integer processes) {
    return new SandboxSpec(
        SandboxBench.unique("wish"),
        Map.of(),
        Map.of(),
        new SandboxResources(memory, cpus, processes),
        network,
        null);
  }
}
