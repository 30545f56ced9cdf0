// SPDX-License-Identifier: MIT

package io.agentruntime.sandbox.modal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import io.agentruntime.sandbox.modal.standin.StandInSettings;
import io.agentruntime.spi.Secret;
import io.agentruntime.spi.sandbox.ProcessId;
import io.agentruntime.spi.sandbox.ProcessSpec;
import io.agentruntime.spi.sandbox.Sandbox;
import io.agentruntime.spi.sandbox.SandboxProcess;
import io.agentruntime.spi.sandbox.SandboxSpec;
import io.agentruntime.testkit.requirement.Requirement;
import io.agentruntime.testkit.requirement.Requires;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;

/** A provider and a cloud that fails on demand. */
@Timeout(300)
@Requires(Requirement.BUBBLEWRAP)
abstract class ModalInTrouble {
  static final AtomicInteger NUMBER = new AtomicInteger();
  static StandInCloud cloud;
  static ModalSandboxProvider provider;

  private final List<ModalSandboxProvider> others = new ArrayList<>();

  @BeforeAll
  static void start() throws IOException {
    cloud = new StandInCloud(StandInSettings.plaintext());
    Map<String, String> settings = new HashMap<>(cloud.settings(Backend.V2));
    settings.put("ports", "8080");
    provider = cloud.provider("trouble", settings);
  }

  @AfterAll
  static void stop() throws IOException {
    provider.close();
    cloud.close();
  }

  @AfterEach
  void endSandboxes() throws InterruptedException {
    cloud.server.faults().forget();
    for (var listing : provider.list()) {
      provider.terminate(listing.id());
    }
    others.forEach(ModalSandboxProvider::close);
  }

  final ModalSandboxProvider other(Map<String, String> settings, Map<String, Secret> secrets) {
    ModalSandboxProvider other = new ModalSandboxProvider(Map.of());
    other.open(cloud.context("trouble", settings, secrets));
    others.add(other);
    return other;
  }

  static Sandbox create() throws InterruptedException {
    return provider.create(spec());
  }

  static SandboxSpec spec() {
    return SandboxSpec.named("trouble-" + NUMBER.incrementAndGet());
  }

  static SandboxProcess run(Sandbox sandbox, String script) throws InterruptedException {
    return sandbox.start(
        new ProcessSpec(
            new ProcessId("process-" + NUMBER.incrementAndGet()),
            List.of("sh", "-c", script),
            Map.of(),
            "/workspace",
            ProcessSpec.DEFAULT_SPOOL_LIMIT));
  }

  static String output(SandboxProcess process) throws Exception {
    try (InputStream out = process.stdout(0)) {
      return new String(out.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  static void assertCode(StandardError code, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            AgentRuntimeException.class,
            e -> assertThat(e.code()).as(e.getMessage()).isEqualTo(code));
  }
}
