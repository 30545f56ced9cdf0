// SPDX-License-Identifier: MIT

package io.agentruntime.testkit.sandbox;

import static io.agentruntime.spi.sandbox.SandboxCapability.ISOLATION;
import static org.assertj.core.api.Assertions.assertThat;

import io.agentruntime.spi.sandbox.FileUpload;
import io.agentruntime.spi.sandbox.ListRequest;
import io.agentruntime.spi.sandbox.ProcessSignal;
import io.agentruntime.spi.sandbox.Sandbox;
import io.agentruntime.spi.sandbox.SandboxPaths;
import io.agentruntime.spi.sandbox.SandboxProcess;
import io.agentruntime.spi.sandbox.SandboxSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;

/**
 * Where isolation is declared: a program reaches neither this host nor another sandbox. That
 * nothing of the environment is seen holds for every provider; see {@link EnvironmentContract}.
 */
interface IsolationContract extends SandboxTopic {
  @Test
  default void isolatedProgramsReadNoFileOfTheHost() throws Exception {
    if (!bench().can(ISOLATION)) {
      return;
    }
    assertFilesCanBeRead();
    // Two places: many sandboxes have a /tmp of their own and could still show the rest.
    Path built = Path.of("target").toAbsolutePath();
    Path elsewhere = Files.isDirectory(built) ? built : Path.of("").toAbsolutePath();
    for (Path folder : List.of(Path.of(System.getProperty("java.io.tmpdir")), elsewhere)) {
      String secret = UUID.randomUUID().toString();
      Path file = Files.createTempFile(folder, "isolation-", ".secret");
      try {
        Files.writeString(file, secret);
        assertThat(whatIsRead(file.toString()))
            .as("what a program in the sandbox reads of %s on the host", file)
            .doesNotContain(secret);
      } finally {
        Files.delete(file);
      }
    }
  }

  @Test
  default void isolatedProgramsReachNoFileOfAnotherSandbox() throws Exception {
    if (!bench().can(ISOLATION)) {
      return;
    }
    assertFilesCanBeRead();
    Sandbox other = bench().create(SandboxSpec.named(SandboxBench.unique("other")));
    SandboxPaths paths = other.paths();
    for (String folder : List.of(paths.workspace(), paths.home(), paths.scratch())) {
      String secret = UUID.randomUUID().toString();
      String file = folder + "/secret";
      other.writeFiles(List.of(FileUpload.text(file, 0644, secret)));
      assertThat(whatIsRead(file))
          .as("what a program reads of %s in another sandbox", file)
          .doesNotContain(secret);
      // Where all sandboxes have the same paths these reach the program's own, which is right.
      attempt(bench().programs().writeFile(file, "changed"));
      attempt(bench().programs().writeFile(folder + "/intruder", "new"));
      try (var content = other.readFile(file)) {
        assertThat(content.readAllBytes())
            .as("%s, after a program in another sandbox tried to change it", file)
            .isEqualTo(SandboxBench.utf8(secret));
      }
      assertThat(other.list(ListRequest.all(folder)).files())
          .as("files in %s, after a program in another sandbox tried to add one", folder)
          .noneMatch(found -> found.path().equals(folder + "/intruder"));
    }
  }

  @Test
  default void isolatedProgramsSeeNoProcessFromOutside() throws Exception {
    if (!bench().can(ISOLATION)) {
      return;
    }
    String mine = marker();
    String ofHost = marker();
    String ofOther = marker();
    Sandbox other = bench().create(SandboxSpec.named(SandboxBench.unique("other")));
    SandboxProcess there = bench().start(other, bench().programs().spawnChildren(ofOther));
    bench().awaitOutput(there, "ready\n");
    Process here = hostProcess(ofHost);
    try {
      // Not compared as texts: a failure would print every command line of the host.
      String seen = bench().run(bench().programs().listProcesses(mine));
      assertThat(seen.contains(mine)).as("a program in the sandbox sees itself").isTrue();
      assertThat(seen.contains(ofHost)).as("it sees a process of the host").isFalse();
      assertThat(seen.contains(ofOther)).as("it sees a process of another sandbox").isFalse();
    } finally {
      here.destroyForcibly().waitFor();
    }
    there.signal(ProcessSignal.KILL);
    bench().end(there);
  }

  /** Without this, a program that can read nothing at all would look well isolated. */
  private void assertFilesCanBeRead() throws InterruptedException, IOException {
    String file = bench().sandbox().paths().workspace() + "/own";
    bench().sandbox().writeFiles(List.of(FileUpload.text(file, 0644, "own")));
    assertThat(bench().run(bench().programs().readFile(file))).isEqualTo("own");
  }

  private String whatIsRead(String path) throws InterruptedException, IOException {
    return bench().output(attempt(bench().programs().readFile(path)));
  }

  /** Runs a program of which nobody knows whether it succeeds. */
  private SandboxProcess attempt(List<String> command) throws InterruptedException {
    SandboxProcess process = bench().start(command);
    process.closeStdin();
    bench().end(process);
    return process;
  }

  /** Digits that no other process has among its arguments. */
  private static String marker() {
    return Long.toString(ThreadLocalRandom.current().nextLong(1_000_000_000L, 10_000_000_000L));
  }

  /** A process of this host with the marker, a child of this JVM. */
  private static Process hostProcess(String marker) throws IOException {
    return new ProcessBuilder("sleep", marker).start();
  }
}
