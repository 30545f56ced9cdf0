// SPDX-License-Identifier: MIT

package io.agentruntime.sandbox.modal.standin;

import io.agentruntime.sandbox.modal.wire.GenericResult;
import io.agentruntime.sandbox.modal.wire.GenericResult.GenericStatus;
import io.agentruntime.sandbox.modal.wire.NetworkAccess;
import io.agentruntime.sandbox.modal.wire.Sandbox;
import io.agentruntime.sandbox.modal.wire.SandboxTag;
import io.grpc.Status;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** One sandbox: what was ordered, the machine it runs on, and how it ended. Thread-safe. */
final class LocalSandbox {
  /** What never changes. */
  record Identity(
      String id,
      String taskId,
      boolean second,
      String appId,
      String environment,
      double createdAt,
      Sandbox definition) {}

  private static final int END_SECONDS = 30;

  private final Identity identity;
  private final Machine machine;
  private final Path folder;
  private final Map<String, String> variables;
  private final String workFolder;
  private final @Nullable Execution entrypoint;
  private final Map<String, Execution> executions = new HashMap<>();
  private final CompletableFuture<GenericResult> result = new CompletableFuture<>();
  private List<SandboxTag> tags;
  private NetworkAccess networkAccess;
  private @Nullable String name;
  private Instant lastActive;
  private @Nullable Instant readyAt;
  private int logIndex = 1;
  private boolean lost;

  LocalSandbox(
      Identity identity,
      Machine machine,
      Path folder,
      Map<String, String> variables,
      String workFolder,
      List<SandboxTag> tags,
      Instant now)
      throws IOException {
    this.identity = identity;
    this.machine = machine;
    this.folder = folder;
    this.variables = Map.copyOf(variables);
    this.workFolder = workFolder;
    this.tags = List.copyOf(tags);
    this.name = identity.definition().hasName() ? identity.definition().getName() : null;
    this.lastActive = now;
    this.networkAccess = identity.definition().getNetworkAccess();
    List<String> command = identity.definition().getEntrypointArgsList();
    this.entrypoint = command.isEmpty() ? null : run(command, "entrypoint");
    if (entrypoint != null) {
      entrypoint.exit().thenAccept(exit -> end(ended(exit)));
    }
  }

  private Execution run(List<String> command, String spools) throws IOException {
    boolean terminal = identity.definition().getPtyInfo().getEnabled();
    return Execution.start(
        machine,
        new Execution.Order(command, variables, workFolder, terminal, true, true, false),
        folder.resolve(spools));
  }

  private static GenericResult ended(Exit exit) {
    int status = exit.status();
    return GenericResult.newBuilder()
        .setStatus(
            status == 0
                ? GenericStatus.GENERIC_STATUS_SUCCESS
                : GenericStatus.GENERIC_STATUS_FAILURE)
        .setExitcode(status)
        .build();
  }

  Identity identity() {
    return identity;
  }

  Machine machine() {
    return machine;
  }

  Map<String, String> variables() {
    return variables;
  }

  String workFolder() {
    return workFolder;
  }

  /** The program it was created with; none if it only waits for others. */
  Optional<Execution> entrypoint() {
    return Optional.ofNullable(entrypoint);
  }

  CompletableFuture<GenericResult> result() {
    return result;
  }

  boolean isRunning() {
    return !result.isDone();
  }

  /** Starts a program, unless this id has one already. */
  synchronized void execute(String execId, Execution.Order order, Instant now) throws IOException {
    if (executions.containsKey(execId)) {
      return;
    }
    if (!isRunning()) {
      throw gone().asRuntimeException();
    }
    lastActive = now;
    executions.put(execId, Execution.start(machine, order, folder.resolve("exec-" + execId)));
  }

  synchronized Execution execution(String execId) {
    Execution found = executions.get(execId);
    if (found == null) {
      throw Status.NOT_FOUND.withDescription("no exec " + execId).asRuntimeException();
    }
    return found;
  }

  private synchronized List<Execution> executions() {
    return List.copyOf(executions.values());
  }

  Status gone() {
    return Status.NOT_FOUND.withDescription("task " + identity.taskId() + " has ended");
  }

  /** Whether it did nothing since then: no program ran. */
  synchronized boolean isIdleSince(Instant then, Instant now) {
    if (executions.values().stream().anyMatch(Execution::isRunning)) {
      lastActive = now;
    }
    return !lastActive.isAfter(then);
  }

  /** Ends it, with everything in it. The first end counts. */
  void end(GenericResult how) {
    result.complete(how);
    try {
      machine.close();
      for (Execution execution : executions()) {
        execution.kill(); // what is left are file tools, which are no processes
        Exit unused = execution.exit().get(END_SECONDS, TimeUnit.SECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      throw new IllegalStateException("A program of " + identity.id() + " does not end", e);
    }
  }

  /** Its worker is gone: the command router knows nothing of it any more. */
  synchronized void lose() {
    lost = true;
  }

  synchronized boolean isLost() {
    return lost;
  }

  synchronized NetworkAccess networkAccess() {
    return networkAccess;
  }

  /** Noted, not enforced. */
  synchronized void setNetworkAccess(NetworkAccess next) {
    networkAccess = next;
  }

  synchronized List<SandboxTag> tags() {
    return tags;
  }

  synchronized void setTags(List<SandboxTag> next) {
    tags = List.copyOf(next);
  }

  synchronized Optional<String> name() {
    return Optional.ofNullable(name);
  }

  synchronized void setName(String next) {
    name = next;
  }

  synchronized Optional<Instant> readyAt() {
    return Optional.ofNullable(readyAt);
  }

  synchronized void setReady(Instant when) {
    readyAt = when;
  }

  /** Writes a numbered piece to the entrypoint's stdin; one that was written is skipped. */
  synchronized void writeNumbered(int index, com.google.protobuf.ByteString data, boolean eof) {
    Execution program =
        entrypoint()
            .orElseThrow(
                () ->
                    Status.FAILED_PRECONDITION
                        .withDescription("no entrypoint reads stdin")
                        .asRuntimeException());
    if (index > logIndex) {
      throw Status.INVALID_ARGUMENT
          .withDescription("piece " + index + " of stdin after " + (logIndex - 1))
          .asRuntimeException();
    }
    if (index == logIndex) {
      logIndex++;
      program.stdin().append(data, eof);
    }
  }
}
