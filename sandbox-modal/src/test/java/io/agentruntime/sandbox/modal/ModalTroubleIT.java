package io.agentruntime.sandbox.modal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import io.agentruntime.sandbox.modal.standin.Faults.Cut;
import io.agentruntime.sandbox.modal.standin.StandInSettings;
import io.agentruntime.sandbox.modal.wire.GenericResult.GenericStatus;
import io.agentruntime.spi.Secret;
import io.agentruntime.spi.sandbox.FileUpload;
import io.agentruntime.spi.sandbox.ProcessId;
import io.agentruntime.spi.sandbox.ProcessSpec;
import io.agentruntime.spi.sandbox.Sandbox;
import io.agentruntime.spi.sandbox.SandboxProcess;
import io.agentruntime.spi.sandbox.SandboxSpec;
import io.grpc.Status;
import java.io.IOException;
import java.io.InputStream;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Modal fails in all the ways it can, and nothing is lost or done twice. */
@Timeout(300)
class ModalTroubleIT {
  private static final AtomicInteger NUMBER = new AtomicInteger();
  private static StandInCloud cloud;
  private static ModalSandboxProvider provider;

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
    for (var listing : provider.list()) {
      provider.terminate(listing.id());
    }
    others.forEach(ModalSandboxProvider::close);
  }

  @ParameterizedTest
  @EnumSource(Cut.class)
  void aCutOutputIsTakenUpAtTheByteWhereItBroke(Cut how) throws Exception {
    Sandbox sandbox = create();
    byte[] bytes = new byte[900_001];
    new Random(7).nextBytes(bytes);
    sandbox.writeFiles(
        List.of(
            FileUpload.regular(
                "/workspace/bytes", 0644, io.agentruntime.model.workspace.Content.of(bytes))));
    SandboxProcess process = run(sandbox, "cat /workspace/bytes");
    assertThat(process.awaitExit(Duration.ofSeconds(60))).isPresent();
    long before = cloud.server.calls("TaskExecStdioRead");
    for (long after : new long[] {2, 400_000, 1, 100_003, 65_536}) {
      cloud.server.faults().cut("TaskExecStdioRead", how, after);
    }
    try (InputStream out = process.stdout(0)) {
      assertThat(out.readAllBytes()).isEqualTo(bytes);
    }
    assertThat(cloud.server.calls("TaskExecStdioRead") - before).isGreaterThanOrEqualTo(6);
  }

  @Test
  void aLostConnectionInTheMiddleOfATurnIsNotNoticed() throws Exception {
    Sandbox sandbox = create();
    SandboxProcess process = run(sandbox, "cat");
    try (InputStream out = process.stdout(0)) {
      process.writeStdin(0, utf8("one\n"));
      assertThat(out.readNBytes(4)).isEqualTo(utf8("one\n"));
      cloud.server.dropConnections();
      process.writeStdin(4, utf8("two\n"));
      assertThat(out.readNBytes(4)).isEqualTo(utf8("two\n"));
      process.closeStdin();
      assertThat(out.read()).isEqualTo(-1);
    }
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

  @Test
  void aFollowerWhoseTokenIsRefusedGoesOn() throws Exception {
    SandboxProcess process = run(create(), "cat");
    try (InputStream out = process.stdout(0)) {
      process.writeStdin(0, utf8("one\n"));
      assertThat(out.readNBytes(4)).isEqualTo(utf8("one\n"));
      cloud.server.revokeRouterTokens();
      cloud.server.dropConnections();
      process.writeStdin(4, utf8("two\n"));
      assertThat(out.readNBytes(4)).isEqualTo(utf8("two\n"));
    }
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
    int nobody;
    try (ServerSocket socket = new ServerSocket(0)) {
      nobody = socket.getLocalPort();
    }
    Map<String, String> settings = new HashMap<>(cloud.settings(Backend.V2));
    settings.put("server-url", "http://127.0.0.1:" + nobody);
    ModalSandboxProvider other = other(settings, cloud.secrets());
    assertThatThrownBy(other::list)
        .isInstanceOfSatisfying(
            AgentRuntimeException.class,
            e -> assertThat(e.code()).isEqualTo(StandardError.SANDBOX_UNAVAILABLE))
        .hasMessageContaining("127.0.0.1:" + nobody);
  }

  /** The server allows 10 calls per connection and refuses more. */
  @Test
  void fiftySandboxesWithThreeStreamsEachShareFewConnections() throws Exception {
    int count = 50;
    AtomicInteger connections = new AtomicInteger();
    CyclicBarrier allFollow =
        new CyclicBarrier(count, () -> connections.set(cloud.server.routerConnections()));
    long start = System.nanoTime();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<String>> conversations = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        String line = "line of " + i + "\n";
        conversations.add(threads.submit(() -> converse(create(), line, allFollow)));
      }
      for (int i = 0; i < count; i++) {
        assertThat(conversations.get(i).get()).isEqualTo("line of " + i + "\n");
      }
    }
    System.out.printf(
        "50 sandboxes with 3 streams each: %.1f s, %d connections to the command router%n",
        (System.nanoTime() - start) / 1e9, connections.get());
    assertThat(connections.get()).isBetween(19, 64);
  }

  /** Two outputs of one process and one of another, followed at the same time. */
  private String converse(Sandbox sandbox, String line, CyclicBarrier allFollow) throws Exception {
    SandboxProcess process = run(sandbox, "read -r line; echo \"$line\"; echo \"$line\" >&2; cat");
    SandboxProcess other = run(sandbox, "read -r line; echo \"$line\"; cat");
    try (InputStream out = process.stdout(0);
        InputStream err = process.stderr(0);
        InputStream second = other.stdout(0)) {
      allFollow.await(240, TimeUnit.SECONDS);
      process.writeStdin(0, utf8(line));
      other.writeStdin(0, utf8(line));
      assertThat(err.readNBytes(line.length())).isEqualTo(utf8(line));
      assertThat(second.readNBytes(line.length())).isEqualTo(utf8(line));
      String read = new String(out.readNBytes(line.length()), StandardCharsets.UTF_8);
      sandbox.terminate();
      return read;
    }
  }

  private ModalSandboxProvider other(Map<String, String> settings, Map<String, Secret> secrets) {
    ModalSandboxProvider other = new ModalSandboxProvider(Map.of());
    other.open(cloud.context("trouble", settings, secrets));
    others.add(other);
    return other;
  }

  private static Sandbox create() throws InterruptedException {
    return provider.create(spec());
  }

  private static SandboxSpec spec() {
    return SandboxSpec.named("trouble-" + NUMBER.incrementAndGet());
  }

  private static SandboxProcess run(Sandbox sandbox, String script) throws InterruptedException {
    return sandbox.start(
        new ProcessSpec(
            new ProcessId("process-" + NUMBER.incrementAndGet()),
            List.of("sh", "-c", script),
            Map.of(),
            "/workspace",
            ProcessSpec.DEFAULT_SPOOL_LIMIT));
  }

  private static String output(SandboxProcess process) throws Exception {
    try (InputStream out = process.stdout(0)) {
      return new String(out.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static void assertCode(StandardError code, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            AgentRuntimeException.class,
            e -> assertThat(e.code()).as(e.getMessage()).isEqualTo(code));
  }
}
