// SPDX-License-Identifier: MIT

package io.agentruntime.core.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import io.agentruntime.spi.sandbox.NetworkMode;
import io.agentruntime.spi.sandbox.Sandbox;
import io.agentruntime.spi.sandbox.SandboxResources;
import io.agentruntime.spi.sandbox.SandboxSpec;
import io.agentruntime.testkit.TestProviderContext;
import io.agentruntime.testkit.sandbox.FakeSandboxProvider;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class CommandRunnerTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final CommandRunner runner = new CommandRunner();
  private Sandbox sandbox;

  @BeforeEach
  void open(@TempDir Path folder) throws Exception {
    FakeSandboxProvider provider =
        new FakeSandboxProvider()
            .register(
                "print",
                machine -> {
                  machine.stdout().write("all of it".getBytes(StandardCharsets.UTF_8));
                  return 0;
                })
            .register(
                "fail",
                machine -> {
                  machine.stderr().write("no such thing".getBytes(StandardCharsets.UTF_8));
                  return 3;
                })
            .register(
                "silent",
                machine -> {
                  new CountDownLatch(1).await();
                  return 0;
                })
            .register(
                "endless",
                machine -> {
                  while (true) {
                    machine.stdout().write(new byte[100_000]);
                    machine.stdout().flush();
                  }
                });
    provider.open(TestProviderContext.in(folder, java.time.InstantSource.system()));
    sandbox =
        provider.create(
            new SandboxSpec(
                "s", Map.of(), Map.of(), SandboxResources.DEFAULT, NetworkMode.DEFAULT, null));
  }

  @Test
  void whatACommandPrintsComesBackWhole() throws Exception {
    assertThat(output("print", PATIENCE)).asString(StandardCharsets.UTF_8).isEqualTo("all of it");
  }

  @Test
  void aCommandThatFailsSaysWhatItWroteToStandardError() {
    refused("fail", PATIENCE, "exit code 3", "no such thing");
  }

  @Test
  @Timeout(60)
  void aCommandThatPrintsNothingAndNeverEndsIsEnded() {
    refused("silent", Duration.ofMillis(200), "silent");
  }

  @Test
  @Timeout(60)
  void aCommandThatNeverStopsPrintingIsEnded() {
    refused("endless", Duration.ofSeconds(1), "endless");
  }

  private byte[] output(String command, Duration timeout) throws InterruptedException {
    return runner.output(sandbox, List.of(command), Map.of(), timeout);
  }

  private void refused(String command, Duration timeout, String... words) {
    assertThatThrownBy(() -> output(command, timeout))
        .isInstanceOfSatisfying(
            AgentRuntimeException.class,
            e -> assertThat(e.code()).isEqualTo(StandardError.SETUP_FAILED))
        .hasMessageContainingAll(words);
  }
}
