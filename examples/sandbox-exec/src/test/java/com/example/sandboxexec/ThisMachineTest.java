package com.example.sandboxexec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentruntime.spi.sandbox.ProcessId;
import io.agentruntime.spi.sandbox.ProcessSpec;
import io.agentruntime.spi.sandbox.Sandbox;
import io.agentruntime.spi.sandbox.SandboxProcess;
import io.agentruntime.spi.sandbox.SandboxSpec;
import io.agentruntime.testkit.TestProviderContext;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Without settings, this machine is the one. */
class ThisMachineTest {
  @TempDir Path folder;

  @Test
  void aProgramRunsHereWithoutAnySetting() throws Exception {
    try (ExecSandboxProvider provider = new ExecSandboxProvider()) {
      provider.open(new TestProviderContext("here", folder));
      Sandbox sandbox = provider.create(SandboxSpec.named("one"));
      SandboxProcess process =
          sandbox.start(
              new ProcessSpec(
                  new ProcessId("p"), List.of("pwd"), Map.of(), sandbox.paths().workspace(), 1000));
      assertThat(process.awaitExit(Duration.ofSeconds(30)).orElseThrow().success()).isTrue();
      assertThat(new String(process.stdout(0).readAllBytes(), StandardCharsets.UTF_8).strip())
          .isEqualTo(sandbox.paths().workspace());
      sandbox.terminate();
      assertThat(provider.list()).isEmpty();
    }
  }

  @Test
  void aWayThatLeadsNowhereIsRefusedByName() {
    try (ExecSandboxProvider provider = new ExecSandboxProvider()) {
      TestProviderContext context =
          new TestProviderContext("here", folder)
              .with(Map.of("command", "no-such-program-anywhere", "root", "/tmp/x"));
      assertThatThrownBy(() -> provider.open(context))
          .hasMessageContaining("command")
          .hasMessageContaining("no-such-program-anywhere");
    }
  }
}
