// SPDX-License-Identifier: MIT

package io.agentruntime.sandbox.modal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import io.agentruntime.sandbox.modal.grpc.SilentPort;
import io.agentruntime.sandbox.modal.wire.GenericResult.GenericStatus;
import io.agentruntime.sandbox.modal.wire.NetworkAccess.NetworkAccessType;
import io.agentruntime.sandbox.modal.wire.PortSpec;
import io.agentruntime.spi.Secret;
import io.agentruntime.spi.sandbox.Sandbox;
import io.agentruntime.spi.sandbox.SandboxProcess;
import io.agentruntime.testkit.sandbox.SandboxBench;
import io.grpc.Status;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Modal fails in all the ways it can, and nothing is lost or done twice. */
class ModalTroubleIT extends ModalInTrouble {
  @Test
  void modalIsOrderedWhatIsConfigured() throws Exception {
    Map<String, String> settings = new HashMap<>(cloud.settings(Backend.V2));
    settings.put("regions", "eu-west,us-east");
    settings.put("network", "allowlist");
    settings.put("allowed-domains", "api.anthropic.com");
    settings.put("allowed-cidrs", "10.0.0.0/8");
    settings.put("timeout", "2h");
    settings.put("idle-timeout", "20m");
    settings.put("memory", "3g");
    settings.put("cpus", "1.5");
    settings.put("ports", "8080,9090");
    var order = cloud.server.definition(other(settings, cloud.secrets()).create(spec()).id());
    assertThat(order.getSchedulerPlacement().getRegionsList())
        .containsExactly("eu-west", "us-east");
    assertThat(order.getNetworkAccess().getNetworkAccessType())
        .isEqualTo(NetworkAccessType.ALLOWLIST);
    assertThat(order.getNetworkAccess().getAllowedDomainsList())
        .containsExactly("api.anthropic.com");
    assertThat(order.getNetworkAccess().getAllowedCidrsList()).containsExactly("10.0.0.0/8");
    assertThat(order.getTimeoutSecs()).isEqualTo(7200);
    assertThat(order.getIdleTimeoutSecs()).isEqualTo(1200);
    assertThat(order.getResources().getMemoryMbMax()).isEqualTo(3072);
    assertThat(order.getResources().getMilliCpuMax()).isEqualTo(1500);
    assertThat(order.getOpenPorts().getPortsList().stream().map(PortSpec::getPort))
        .containsExactly(8080, 9090);
  }

  @Test
  void callsThatFailForAMomentAreRepeated() throws Exception {
    cloud.server.faults().refuse("SandboxCreateV2", Status.UNAVAILABLE, 2);
    Sandbox sandbox = create();
    assertThat(provider.list()).hasSize(1);
    List<String> keys =
        cloud.server.calls().stream()
            .filter(call -> call.name().equals("SandboxCreateV2"))
            .skip(Math.max(0, cloud.server.calls("SandboxCreateV2") - 3))
            .map(call -> call.header("x-idempotency-key").orElseThrow())
            .distinct()
            .toList();
    assertThat(keys).hasSize(1);
    for (String call : List.of("TaskExecStart", "TaskExecStdinWrite", "TaskExecWait")) {
      cloud.server.faults().refuse(call, Status.UNAVAILABLE, 3);
    }
    SandboxProcess process = run(sandbox, "cat");
    assertThat(process.writeStdin(0, utf8("once\n"))).isEqualTo(5);
    process.closeStdin();
    assertThat(output(process)).isEqualTo("once\n");
  }

  /** It dies between the start of the program that writes and the bytes for it. */
  @Test
  void aServerThatDiesWhileItWritesHoldsUpNoOther() throws Exception {
    Sandbox sandbox = create();
    SandboxProcess process = run(sandbox, "cat");
    ModalSandboxProvider dying = other(cloud.settings(Backend.V2), cloud.secrets());
    SandboxProcess theirs = dying.attach(sandbox.id()).process(process.id());
    long before = cloud.server.calls("TaskExecStdinWrite");
    cloud.server.faults().refuse("TaskExecStdinWrite", Status.UNAVAILABLE, 1000);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Long> write = threads.submit(() -> theirs.writeStdin(0, utf8("lost\n")));
      SandboxBench.await("bytes are sent", () -> cloud.server.calls("TaskExecStdinWrite") > before);
      dying.close();
      assertThatThrownBy(write::get).hasCauseInstanceOf(AgentRuntimeException.class);
    }
    cloud.server.faults().forget();
    assertThat(process.writeStdin(0, utf8("written\n"))).isEqualTo(8);
    process.closeStdin();
    assertThat(output(process)).isEqualTo("written\n");
  }

  @Test
  void aThrottledCallWaitsAsLongAsItIsTold() throws Exception {
    cloud.server.faults().throttle("SandboxCreateV2", 0.2, 6);
    assertThat(create().isAlive()).isTrue();
  }

  @Test
  void throttlingForTooLongIsAnError() throws Exception {
    Map<String, String> settings = new HashMap<>(cloud.settings(Backend.V2));
    settings.put("throttle-wait", "1s");
    ModalSandboxProvider other = other(settings, cloud.secrets());
    cloud.server.faults().throttle("SandboxCreateV2", 30, 1);
    assertCode(StandardError.SANDBOX_UNAVAILABLE, () -> other.create(spec()));
  }

  @Test
  void tokensThatAreRefusedAreFetchedAnew() throws Exception {
    Sandbox sandbox = create();
    cloud.server.revokeControlTokens();
    assertThat(sandbox.isAlive()).isTrue();
    cloud.server.revokeRouterTokens();
    assertThat(output(run(sandbox, "echo still"))).isEqualTo("still\n");
  }

  @ParameterizedTest
  @EnumSource(
      value = GenericStatus.class,
      names = {
        "GENERIC_STATUS_TERMINATED",
        "GENERIC_STATUS_TIMEOUT",
        "GENERIC_STATUS_IDLE_TIMEOUT",
        "GENERIC_STATUS_MEMORY_MANAGER_EVICTION"
      })
  void aSandboxThatModalEndedIsLost(GenericStatus how) throws Exception {
    Sandbox sandbox = create();
    SandboxProcess process = run(sandbox, "cat");
    try (InputStream out = process.stdout(0)) {
      process.writeStdin(0, utf8("x"));
      assertThat(out.read()).isEqualTo('x');
      cloud.server.end(sandbox.id(), how);
      assertThatThrownBy(out::read).isInstanceOf(IOException.class);
    }
    assertThat(sandbox.isAlive()).isFalse();
    assertCode(StandardError.SANDBOX_LOST, process::exit);
    assertCode(StandardError.SANDBOX_LOST, () -> provider.attach(sandbox.id()));
  }

  @Test
  void aSandboxWhoseWorkerIsGoneIsLost() throws Exception {
    Sandbox sandbox = create();
    SandboxProcess process = run(sandbox, "cat");
    cloud.server.lose(sandbox.id());
    assertCode(StandardError.SANDBOX_LOST, process::exit);
    sandbox.terminate();
  }

  @Test
  void aBuildThatTakesLongIsTold() throws Exception {
    Map<String, String> settings = new HashMap<>(cloud.settings(Backend.V2));
    settings.put("image", "debian:slow-" + NUMBER.incrementAndGet());
    ModalSandboxProvider other = other(settings, cloud.secrets());
    cloud.server.faults().holdBuilds();
    List<String> told = new ArrayList<>();
    Sandbox sandbox =
        other.create(
            spec(),
            text -> {
              told.add(text);
              cloud.server.faults().releaseBuilds();
            });
    assertThat(sandbox.isAlive()).isTrue();
    assertThat(told).isNotEmpty().allMatch(text -> text.startsWith("Building image: "));
  }

  @Test
  void anImageIsBuiltOnceForAll() throws Exception {
    Map<String, String> settings = new HashMap<>(cloud.settings(Backend.V2));
    settings.put("image", "debian:once-" + NUMBER.incrementAndGet());
    ModalSandboxProvider other = other(settings, cloud.secrets());
    int before = cloud.server.builds();
    cloud.server.faults().holdBuilds();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Sandbox>> created = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        created.add(threads.submit(() -> other.create(spec())));
      }
      cloud.server.faults().releaseBuilds();
      for (Future<Sandbox> each : created) {
        assertThat(each.get().isAlive()).isTrue();
      }
    }
    assertThat(cloud.server.builds()).isEqualTo(before + 1);
  }

  @Test
  void aBuildThatFailsSaysWhy() throws Exception {
    Map<String, String> settings = new HashMap<>(cloud.settings(Backend.V2));
    settings.put("image", "debian:broken-" + NUMBER.incrementAndGet());
    ModalSandboxProvider other = other(settings, cloud.secrets());
    cloud.server.faults().failNextBuild("no such tag anywhere");
    assertThatThrownBy(() -> other.create(spec()))
        .isInstanceOf(AgentRuntimeException.class)
        .hasMessageContaining("no such tag anywhere");
  }

  @Test
  void aPortIsReachedFromOutside() throws Exception {
    Sandbox sandbox = create();
    URI endpoint = sandbox.endpoint(8080);
    assertThat(endpoint.getScheme()).isEqualTo("https");
    assertThat(endpoint.getPort()).isPositive();
    assertCode(StandardError.INVALID_ARGUMENT, () -> sandbox.endpoint(8081));
  }

  @Test
  void wrongTokensAreNamedAndNotShown() throws Exception {
    Map<String, Secret> wrong =
        Map.of(
            "MODAL_TOKEN_ID", Secret.of("ak-wrong"), "MODAL_TOKEN_SECRET", Secret.of("as-hidden"));
    ModalSandboxProvider other = other(cloud.settings(Backend.V2), wrong);
    assertThatThrownBy(other::list)
        .isInstanceOfSatisfying(
            AgentRuntimeException.class,
            e -> assertThat(e.code()).isEqualTo(StandardError.CONFIGURATION))
        .hasMessageContaining("MODAL_TOKEN_SECRET")
        .satisfies(e -> assertThat(e.toString()).doesNotContain("as-hidden"));
  }

  @Test
  void anUnknownEnvironmentIsNamed() throws Exception {
    Map<String, String> settings = new HashMap<>(cloud.settings(Backend.V2));
    settings.put("environment", "nowhere");
    ModalSandboxProvider other = other(settings, cloud.secrets());
    assertThatThrownBy(other::list)
        .isInstanceOfSatisfying(
            AgentRuntimeException.class,
            e -> assertThat(e.code()).isEqualTo(StandardError.CONFIGURATION))
        .hasMessageContaining("nowhere");
  }

  @Test
  void aServerThatDoesNotListenIsNamed() throws Exception {
    try (SilentPort nobody = new SilentPort()) {
      Map<String, String> settings = new HashMap<>(cloud.settings(Backend.V2));
      settings.put("server-url", "http://127.0.0.1:" + nobody.number());
      ModalSandboxProvider other = other(settings, cloud.secrets());
      assertThatThrownBy(other::list)
          .isInstanceOfSatisfying(
              AgentRuntimeException.class,
              e -> assertThat(e.code()).isEqualTo(StandardError.SANDBOX_UNAVAILABLE))
          .hasMessageContaining("127.0.0.1:" + nobody.number());
    }
  }
}
