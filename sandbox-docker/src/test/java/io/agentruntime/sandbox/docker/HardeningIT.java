// SPDX-License-Identifier: MIT

package io.agentruntime.sandbox.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import io.agentruntime.spi.sandbox.FileUpload;
import io.agentruntime.spi.sandbox.ListRequest;
import io.agentruntime.spi.sandbox.NetworkMode;
import io.agentruntime.spi.sandbox.ProcessSignal;
import io.agentruntime.spi.sandbox.Sandbox;
import io.agentruntime.spi.sandbox.SandboxCapability;
import io.agentruntime.spi.sandbox.SandboxProcess;
import io.agentruntime.spi.sandbox.SandboxResources;
import io.agentruntime.spi.sandbox.SandboxSpec;
import io.agentruntime.testkit.requirement.RequiresDocker;
import io.agentruntime.testkit.requirement.TestMachine;
import io.agentruntime.testkit.sandbox.SandboxBench;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a program in a sandbox may do, as seen from inside. */
@RequiresDocker
@Timeout(300)
class HardeningIT {
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
  void aProgramIsUnprivilegedAndCannotBecomeMore() throws Exception {
    Sandbox sandbox = TestDocker.create(docker.provider(Map.of()));

    assertThat(TestDocker.output(sandbox, "id -u; id -g; id -G")).isEqualTo("1000\n1000\n1000");
    String status =
        TestDocker.output(sandbox, "grep -E '^(Cap|NoNewPrivs|Seccomp:)' /proc/self/status");
    assertThat(status)
        .containsPattern("CapEff:\\s0000000000000000")
        .containsPattern("CapPrm:\\s0000000000000000")
        .containsPattern("CapBnd:\\s0000000000000000")
        .containsPattern("NoNewPrivs:\\s1")
        .containsPattern("Seccomp:\\s2");
    assertThat(TestDocker.output(sandbox, "ls /var/run/docker.sock /run/docker.sock 2>&1 || :"))
        .doesNotContain("docker.sock\n/")
        .contains("No such file");
  }

  @Test
  void theInitProcessCollectsTheDead() throws Exception {
    Sandbox sandbox = TestDocker.create(docker.provider(Map.of()));

    // Who is killed there has ended when the next command runs: it lives or is waited for by init.
    TestDocker.output(
        sandbox,
        "for i in 1 2 3 4 5; do (sleep 1000 & echo $! >>orphans); done; kill $(cat orphans)");

    SandboxBench.await(
        "no orphan is left, not even as a zombie",
        () ->
            TestDocker.output(sandbox, "for i in $(cat orphans); do echo /proc/$i/stat*; done")
                .lines()
                .allMatch(path -> path.endsWith("*")));
  }

  @Test
  void aReadOnlySandboxCanBeWorkedInAndNothingElse() throws Exception {
    var provider = docker.provider(Map.of("read-only", "true"));
    assertThat(provider.capabilities()).doesNotContain(SandboxCapability.SNAPSHOT);
    Sandbox sandbox = TestDocker.create(provider);
    String file = sandbox.paths().workspace() + "/dir/file";

    sandbox.writeFiles(List.of(FileUpload.text(file, 0640, "text")));
    assertThat(TestDocker.output(sandbox, "cat dir/file; touch ~/a /tmp/b; echo x >c; ls"))
        .isEqualTo("textc\ndir");
    assertThat(sandbox.list(ListRequest.all(sandbox.paths().workspace())).files()).hasSize(3);
    assertThat(
            TestDocker.output(
                sandbox, "for d in / /etc /usr/bin /var /opt; do touch $d/x; done 2>&1 || :"))
        .contains("'//x': Read-only file system")
        .contains("'/etc/x': Read-only file system")
        .contains("'/usr/bin/x': Read-only file system")
        .contains("'/var/x': Read-only file system")
        .contains("'/opt/x': Read-only file system");
  }

  @Test
  void aWritableRootStillBelongsToRoot() throws Exception {
    Sandbox sandbox = TestDocker.create(docker.provider(Map.of()));

    assertThat(TestDocker.output(sandbox, "touch /etc/x 2>&1 || :")).contains("Permission denied");
  }

  @Test
  void tooManyProcessesAreRefusedInsideOnly() throws Exception {
    Sandbox sandbox =
        docker.provider(Map.of()).create(limited(new SandboxResources(null, null, 40)));
    // A program that cannot be started is silent: this one does not wait long for it.
    Sandbox same = docker.provider(Map.of("request-timeout", "2s")).attach(sandbox.id());

    SandboxProcess bomb =
        TestDocker.start(
            sandbox, "for i in $(seq 100); do sleep 1000 & echo $i >count; done; echo spared");
    SandboxBench.await("the limit is felt", () -> processes(sandbox) > 30 && !canFork(same));
    assertThat(sandbox.isAlive()).isTrue();
    bomb.signal(ProcessSignal.KILL);

    SandboxBench.await("there is room again", () -> canFork(sandbox));
    assertThat(TestDocker.output(sandbox, "cat count")).matches("[0-9]|[1-3][0-9]");
  }

  @Test
  void tooMuchMemoryEndsTheProgramNotTheSandbox() throws Exception {
    var provider = docker.provider(Map.of("spool-size", "16m"));
    Sandbox sandbox = provider.create(limited(new SandboxResources(96L << 20, null, null)));

    SandboxProcess eater =
        TestDocker.start(sandbox, "python3 -c 'x = bytearray(300 << 20); print(len(x))'");

    assertThat(TestDocker.exitCode(eater)).isEqualTo(128 + 9);
    assertThat(sandbox.isAlive()).isTrue();
    assertThat(TestDocker.output(sandbox, "echo lives")).isEqualTo("lives");
  }

  @Test
  void processorsAreLimited() throws Exception {
    Sandbox sandbox =
        docker.provider(Map.of()).create(limited(new SandboxResources(null, 0.5, null)));

    assertThat(
            TestDocker.output(
                sandbox,
                "cat /sys/fs/cgroup/cpu/cpu.cfs_quota_us 2>/dev/null || cat"
                    + " /sys/fs/cgroup/cpu.max"))
        .startsWith("50000");
  }

  @Test
  void aSpoolCannotGrowBeyondItsFileSystem() throws Exception {
    Sandbox sandbox = TestDocker.create(docker.provider(Map.of("spool-size", "8m")));

    assertThat(TestDocker.output(sandbox, "df -B1 --output=size /run/agent-runtime | tail -n 1"))
        .isEqualTo(Long.toString(8L << 20));
  }

  @Test
  void theEngineDoesNotKnowASandboxesSecrets() throws Exception {
    SandboxSpec spec =
        new SandboxSpec(
            SandboxBench.unique("secret"),
            Map.of("session", "s"),
            Map.of("KEY", "canary-0815"),
            SandboxResources.DEFAULT,
            NetworkMode.DEFAULT,
            null);
    Sandbox sandbox = docker.provider(Map.of()).create(spec);
    SandboxProcess process = TestDocker.start(sandbox, "echo $KEY; cat");
    process.writeStdin(0, new byte[] {'\n'});

    try (EngineConnections connections =
            new EngineConnections(
                new EngineAddress(TestMachine.dockerHost()), Duration.ofSeconds(30));
        EngineConnection connection = connections.open(Duration.ofSeconds(30))) {
      HttpExchange answer =
          HttpExchange.send(
              connection,
              "GET",
              "/containers/" + sandbox.id() + "/json",
              Map.of("Connection", "close"),
              null);
      String inspected = new String(answer.body().readAllBytes());
      assertThat(inspected).contains(spec.name()).doesNotContain("canary-0815");
    }
    process.closeStdin();
    assertThat(TestDocker.exitCode(process)).isZero();
    assertThat(TestDocker.outputOf(process)).isEqualTo("canary-0815");
    assertThat(sandbox.toString()).doesNotContain("canary");
  }

  @Test
  void otherUsersOfTheContainerCannotReadTheScratch() throws Exception {
    Sandbox sandbox = TestDocker.create(docker.provider(Map.of()));

    assertThat(
            TestDocker.output(
                sandbox,
                "stat -c '%a %u' /run/agent-runtime; stat -c %a /run/agent-runtime/environment"))
        .isEqualTo("700 1000\n600");
  }

  @Test
  void networksThatShareTheHostsAreRefused() {
    assertThatThrownBy(() -> docker.provider(Map.of("network", "host")))
        .hasMessageContaining("network");
  }

  /** Counted from outside, where there is room for who counts. */
  private int processes(Sandbox sandbox) {
    return docker.client().topContainerCmd(sandbox.id()).exec().getProcesses().length;
  }

  private static boolean canFork(Sandbox sandbox) throws Exception {
    try {
      SandboxProcess process = TestDocker.start(sandbox, "true | true");
      return TestDocker.exitCode(process) == 0;
    } catch (AgentRuntimeException e) {
      assertThat(e.code()).isIn(StandardError.SANDBOX_FAILED, StandardError.SANDBOX_UNAVAILABLE);
      return false;
    }
  }

  private static SandboxSpec limited(SandboxResources resources) {
    return new SandboxSpec(
        SandboxBench.unique("limited"), Map.of(), Map.of(), resources, NetworkMode.DEFAULT, null);
  }
}
