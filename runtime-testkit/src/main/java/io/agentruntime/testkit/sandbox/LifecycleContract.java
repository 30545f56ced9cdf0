// SPDX-License-Identifier: MIT

package io.agentruntime.testkit.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentruntime.error.StandardError;
import io.agentruntime.spi.sandbox.FileUpload;
import io.agentruntime.spi.sandbox.ListRequest;
import io.agentruntime.spi.sandbox.ProcessSignal;
import io.agentruntime.spi.sandbox.Sandbox;
import io.agentruntime.spi.sandbox.SandboxPaths;
import io.agentruntime.spi.sandbox.SandboxProcess;
import io.agentruntime.spi.sandbox.SandboxSpec;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Sandboxes come to be and end. */
interface LifecycleContract extends SandboxTopic {
  @Test
  default void aNewSandboxIsAliveAndHasItsDirectories() throws Exception {
    Sandbox sandbox = bench().sandbox();
    SandboxPaths paths = sandbox.paths();
    assertThat(sandbox.isAlive()).isTrue();
    for (String path : List.of(paths.workspace(), paths.home(), paths.scratch())) {
      assertThat(path).startsWith("/").doesNotEndWith("/");
      sandbox.writeFiles(List.of(FileUpload.text(path + "/mark", 0644, path)));
      assertThat(new String(sandbox.readFile(path + "/mark").readAllBytes())).isEqualTo(path);
    }
    assertThat(paths.scratch()).isNotEqualTo(paths.home());
    assertThat(sandbox.list(ListRequest.all(paths.workspace())).files()).hasSize(1);
  }

  @Test
  default void sandboxesDoNotShareFiles() throws Exception {
    Sandbox one = bench().create(SandboxSpec.named(SandboxBench.unique("one")));
    Sandbox other = bench().create(SandboxSpec.named(SandboxBench.unique("other")));
    assertThat(one.id()).isNotEqualTo(other.id());
    one.writeFiles(List.of(FileUpload.text(one.paths().workspace() + "/a", 0644, "one")));
    assertThat(other.list(ListRequest.all(other.paths().workspace())).files()).isEmpty();
    assertThat(other.list(ListRequest.all(other.paths().home())).files())
        .noneMatch(file -> file.path().endsWith("/a"));
  }

  @Test
  default void creatingUnderTheSameNameReplacesTheSandbox() throws Exception {
    SandboxSpec spec = SandboxSpec.named(SandboxBench.unique("again"));
    Sandbox old = bench().create(spec);
    old.writeFiles(List.of(FileUpload.text(old.paths().workspace() + "/a", 0644, "old")));
    Sandbox fresh = bench().create(spec);
    assertThat(fresh.list(ListRequest.all(fresh.paths().workspace())).files()).isEmpty();
    assertThat(fresh.isAlive()).isTrue();
    assertThat(old.isAlive()).isFalse();
  }

  @Test
  default void creatingSeveralAtOnceGivesSeveral() throws Exception {
    Callable<String> create =
        () -> bench().create(SandboxSpec.named(SandboxBench.unique("many"))).id();
    Set<String> ids = new HashSet<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<String> id : threads.invokeAll(Stream.generate(() -> create).limit(4).toList())) {
        ids.add(id.get());
      }
    }
    assertThat(ids).hasSize(4);
  }

  @Test
  default void aTerminatedSandboxIsGone() throws Exception {
    Sandbox sandbox = bench().sandbox();
    SandboxProcess process = bench().start(bench().programs().cat());
    sandbox.terminate();
    assertThat(sandbox.isAlive()).isFalse();
    assertEverythingIsLost(sandbox, process);
  }

  @Test
  default void terminatingTwiceIsNoError() throws Exception {
    Sandbox sandbox = bench().sandbox();
    sandbox.terminate();
    sandbox.terminate();
    assertThat(sandbox.isAlive()).isFalse();
  }

  @Test
  default void terminatingEndsThoseWhoFollow() throws Exception {
    SandboxProcess process = bench().start(bench().programs().spawnChildren(SandboxBench.marker()));
    bench().awaitOutput(process, "ready\n");
    try (InputStream out = process.stdout(0)) {
      assertThat(out.readNBytes(6)).hasSize(6);
      try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
        Future<Throwable> failure =
            threads.submit(
                () -> {
                  try {
                    return new AssertionError("read " + out.read() + " from the dead");
                  } catch (IOException e) {
                    return e;
                  }
                });
        bench().sandbox().terminate();
        assertThat(failure.get()).isInstanceOf(IOException.class);
      }
    }
  }

  @Test
  default void aSandboxThatVanishedIsLost() throws Exception {
    Sandbox sandbox = bench().sandbox();
    SandboxProcess process = bench().start(bench().programs().cat());
    lose(sandbox);
    SandboxBench.await("its loss is noticed", () -> !sandbox.isAlive());
    assertEverythingIsLost(sandbox, process);
    sandbox.terminate();
  }

  @Test
  default void closingTheProviderTwiceIsNoError() throws Exception {
    var provider = bench().anotherProvider();
    provider.close();
    provider.close();
    assertThatThrownBy(() -> provider.create(SandboxSpec.named(SandboxBench.unique("closed"))))
        .isInstanceOf(RuntimeException.class);
  }

  private void assertEverythingIsLost(Sandbox sandbox, SandboxProcess process) {
    String path = sandbox.paths().workspace() + "/a";
    StandardError lost = StandardError.SANDBOX_LOST;
    SandboxBench.assertRefused(lost, () -> bench().start(sandbox, bench().programs().cat()));
    SandboxBench.assertRefused(lost, () -> sandbox.process(process.id()));
    SandboxBench.assertRefused(
        lost, () -> sandbox.writeFiles(List.of(FileUpload.text(path, 0644, ""))));
    SandboxBench.assertRefused(lost, () -> sandbox.readFile(path));
    SandboxBench.assertRefused(
        lost, () -> sandbox.readFiles(List.of(path), (name, size, content) -> {}));
    SandboxBench.assertRefused(
        lost, () -> sandbox.list(ListRequest.all(sandbox.paths().workspace())));
    SandboxBench.assertRefused(lost, () -> sandbox.deleteFiles(List.of(path)));
    SandboxBench.assertRefused(lost, process::exit);
    SandboxBench.assertRefused(lost, () -> process.awaitExit(Duration.ofSeconds(1)));
    SandboxBench.assertRefused(lost, () -> process.signal(ProcessSignal.TERM));
    SandboxBench.assertRefused(lost, () -> process.writeStdin(0, new byte[1]));
    SandboxBench.assertRefused(lost, process::closeStdin);
    SandboxBench.assertRefused(lost, () -> process.stdout(0));
    SandboxBench.assertRefused(lost, () -> process.stderr(0));
    SandboxBench.assertRefused(lost, () -> process.release(0));
  }
}
