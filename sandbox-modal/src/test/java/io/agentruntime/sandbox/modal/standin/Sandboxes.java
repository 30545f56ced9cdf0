// SPDX-License-Identifier: MIT

package io.agentruntime.sandbox.modal.standin;

import io.agentruntime.sandbox.modal.wire.GenericResult;
import io.agentruntime.sandbox.modal.wire.GenericResult.GenericStatus;
import io.agentruntime.sandbox.modal.wire.NetworkAccess.NetworkAccessType;
import io.agentruntime.sandbox.modal.wire.Sandbox;
import io.agentruntime.sandbox.modal.wire.SandboxTag;
import io.grpc.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** All sandboxes, running and ended; ends those whose time is over. Thread-safe. */
final class Sandboxes implements AutoCloseable {
  /** An order for a sandbox. */
  record Order(
      boolean second,
      String appId,
      String environment,
      Sandbox definition,
      List<SandboxTag> tags,
      Map<String, String> variables) {}

  private static final int DEFAULT_TIMEOUT_SECONDS = 300;

  private final Path home;
  private final StandInSettings settings;
  private final InstantSource clock;
  private final Map<String, LocalSandbox> byId = new LinkedHashMap<>();
  private double lastCreated;

  Sandboxes(Path home, StandInSettings settings, InstantSource clock) {
    this.home = home;
    this.settings = settings;
    this.clock = clock;
  }

  LocalSandbox create(Order order, Images.Image image) throws IOException {
    if (!image.result().isDone()
        || image.result().join().getStatus() != GenericStatus.GENERIC_STATUS_SUCCESS) {
      throw Status.FAILED_PRECONDITION
          .withDescription("image " + image.id + " is not built")
          .asRuntimeException();
    }
    LocalSandbox.Identity identity = identify(order);
    Path folder = Files.createDirectories(home.resolve(identity.id()));
    Path root = Files.createDirectory(folder.resolve("root"));
    Images.copy(image.root, root);
    String workFolder =
        order.definition().hasWorkdir() && !order.definition().getWorkdir().isEmpty()
            ? order.definition().getWorkdir()
            : image.workFolder;
    Files.createDirectories(new RootedPath(root, List.of()).resolve(workFolder, true));
    Map<String, String> variables = ImageBuild.environment(image.variables);
    variables.putAll(order.variables());
    boolean network =
        order.definition().getNetworkAccess().getNetworkAccessType() != NetworkAccessType.BLOCKED;
    Machine machine = new Machine(root, settings.shared(), network);
    LocalSandbox sandbox =
        new LocalSandbox(
            identity, machine, folder, variables, workFolder, order.tags(), clock.instant());
    synchronized (this) {
      Optional<String> name = sandbox.name();
      if (name.isEmpty() || !isNameTaken(identity.appId(), name.get())) {
        byId.put(identity.id(), sandbox);
        return sandbox;
      }
    }
    sandbox.end(result(GenericStatus.GENERIC_STATUS_TERMINATED, 137));
    throw nameTaken(order.definition().getName()).asRuntimeException();
  }

  private synchronized LocalSandbox.Identity identify(Order order) {
    if (order.definition().hasName() && isNameTaken(order.appId(), order.definition().getName())) {
      throw nameTaken(order.definition().getName()).asRuntimeException();
    }
    // Times are unique, as pages of the list begin strictly before one.
    lastCreated = Math.max(clock.millis() / 1000.0, lastCreated + 1e-4);
    return new LocalSandbox.Identity(
        (order.second() ? "sb-2-" : "sb-") + Ids.next(),
        "ta-" + Ids.next(),
        order.second(),
        order.appId(),
        order.environment(),
        lastCreated,
        order.definition());
  }

  private static Status nameTaken(String name) {
    return Status.ALREADY_EXISTS.withDescription("a running sandbox is named " + name);
  }

  private boolean isNameTaken(String appId, String name) {
    return byId.values().stream()
        .anyMatch(
            s ->
                s.isRunning()
                    && s.identity().appId().equals(appId)
                    && s.name().filter(name::equals).isPresent());
  }

  synchronized void rename(LocalSandbox sandbox, String name) {
    if (isNameTaken(sandbox.identity().appId(), name)) {
      throw nameTaken(name).asRuntimeException();
    }
    if (sandbox.name().isPresent() || !sandbox.isRunning()) {
      throw Status.FAILED_PRECONDITION
          .withDescription("sandbox has a name already, or has ended")
          .asRuntimeException();
    }
    sandbox.setName(name);
  }

  synchronized LocalSandbox require(String id, boolean second) {
    LocalSandbox found = byId.get(id);
    if (found == null || found.identity().second() != second) {
      throw Status.NOT_FOUND.withDescription("no sandbox " + id).asRuntimeException();
    }
    return found;
  }

  synchronized LocalSandbox requireTask(String taskId) {
    return byId.values().stream()
        .filter(s -> s.identity().taskId().equals(taskId) && !s.isLost())
        .findFirst()
        .orElseThrow(
            () -> Status.NOT_FOUND.withDescription("no task " + taskId).asRuntimeException());
  }

  /** All, newest first. */
  synchronized List<LocalSandbox> all() {
    return byId.values().stream()
        .sorted(Comparator.comparingDouble((LocalSandbox s) -> s.identity().createdAt()).reversed())
        .toList();
  }

  /** Ends those that ran, or idled, for as long as they may. */
  void endOverdue() {
    Instant now = clock.instant();
    for (LocalSandbox sandbox : all()) {
      Sandbox definition = sandbox.identity().definition();
      int seconds = definition.getTimeoutSecs();
      double age = now.toEpochMilli() / 1000.0 - sandbox.identity().createdAt();
      if (!sandbox.isRunning()) {
        continue;
      }
      if (age >= (seconds == 0 ? DEFAULT_TIMEOUT_SECONDS : seconds)) {
        sandbox.end(result(GenericStatus.GENERIC_STATUS_TIMEOUT, 124));
      } else if (definition.hasIdleTimeoutSecs()
          && definition.getIdleTimeoutSecs() > 0
          && sandbox.isIdleSince(
              now.minus(Duration.ofSeconds(definition.getIdleTimeoutSecs())), now)) {
        sandbox.end(result(GenericStatus.GENERIC_STATUS_IDLE_TIMEOUT, 137));
      }
    }
  }

  static GenericResult result(GenericStatus status, int code) {
    return GenericResult.newBuilder().setStatus(status).setExitcode(code).build();
  }

  @Override
  public void close() {
    all().parallelStream()
        .forEach(s -> s.end(result(GenericStatus.GENERIC_STATUS_TERMINATED, 137)));
  }
}
