// SPDX-License-Identifier: MIT

package io.agentruntime.sandbox.docker;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentruntime.spi.sandbox.ProcessId;
import io.agentruntime.spi.sandbox.ProcessSpec;
import io.agentruntime.spi.sandbox.Sandbox;
import io.agentruntime.spi.sandbox.SandboxListing;
import io.agentruntime.spi.sandbox.SandboxProcess;
import io.agentruntime.spi.sandbox.SandboxSpec;
import io.agentruntime.testkit.TestProviderContext;
import io.agentruntime.testkit.requirement.RequiresDocker;
import io.agentruntime.testkit.sandbox.SandboxBench;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A server is killed amid its work: what runs in sandboxes goes on and is found by the next. */
@RequiresDocker
@Timeout(300)
class ServerDeathIT {
  private static final ProcessId PROCESS = new ProcessId("counter");

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
  void aProcessGoesOnWhenItsServerIsKilledAndNothingIsLost() throws Exception {
    Process server =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Server.class.getName(),
                docker.runtimeId(),
                folder.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String id;
    try (BufferedReader lines = server.inputReader(StandardCharsets.UTF_8)) {
      id = lineAfter(lines, "sandbox ");
      lineAfter(lines, "following");
      server.destroyForcibly().waitFor();
    }

    DockerSandboxProvider next = docker.provider(Map.of());
    assertThat(next.list()).extracting(SandboxListing::id).containsExactly(id);
    Sandbox sandbox = next.attach(id);
    SandboxProcess process = sandbox.process(PROCESS);
    assertThat(process.exit()).isEmpty();
    assertThat(process.writeStdin(0, "one\ntwo\n".getBytes(StandardCharsets.UTF_8))).isEqualTo(8);
    process.closeStdin();
    assertThat(TestDocker.exitCode(process)).isEqualTo(7);
    assertThat(TestDocker.outputOf(process)).isEqualTo("began with secret\none\ntwo");

    SandboxProcess another = TestDocker.start(sandbox, "echo $KEY");
    assertThat(TestDocker.exitCode(another)).isZero();
    assertThat(TestDocker.outputOf(another)).isEqualTo("secret");
    SandboxBench.await(
        "the dead server's followers have ended",
        () -> TestDocker.output(sandbox, "pgrep -c tail || :").equals("0"));
  }

  /** What follows a word at the beginning of a line; other lines are the server's log. */
  private static String lineAfter(BufferedReader lines, String word) throws IOException {
    String line;
    do {
      line = lines.readLine();
      assertThat(line).as("the server's line with " + word).isNotNull();
    } while (!line.startsWith(word));
    return line.substring(word.length());
  }

  /** The server that is killed. */
  static final class Server {
    private Server() {}

    /** Starts a process, begins to read what it prints, and says so. */
    public static void main(String[] args) throws Exception {
      DockerSandboxProvider provider = new DockerSandboxProvider();
      provider.open(
          new TestProviderContext(
              args[0], Path.of(args[1]), InstantSource.system(), TestDocker.SETTINGS));
      SandboxSpec named = SandboxSpec.named(SandboxBench.unique("orphan"));
      Sandbox sandbox =
          provider.create(
              new SandboxSpec(
                  named.name(),
                  named.labels(),
                  Map.of("KEY", "secret"),
                  named.resources(),
                  named.network(),
                  null));
      System.out.println("sandbox " + sandbox.id());
      SandboxProcess process =
          sandbox.start(
              new ProcessSpec(
                  PROCESS,
                  List.of("sh", "-c", "echo began with $KEY; cat; exit 7"),
                  Map.of(),
                  sandbox.paths().workspace(),
                  ProcessSpec.DEFAULT_SPOOL_LIMIT));
      process.writeStdin(0, "one\n".getBytes(StandardCharsets.UTF_8));
      try (InputStream out = process.stdout(0)) {
        out.readNBytes("began with secret\none\n".length());
        System.out.println("following");
        System.out.println(out.read());
      }
    }
  }
}
