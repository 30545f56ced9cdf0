// SPDX-License-Identifier: MIT

package io.agentruntime.sandbox.modal;

import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import io.agentruntime.sandbox.modal.grpc.GrpcException;
import io.agentruntime.sandbox.modal.grpc.GrpcStatus;
import io.agentruntime.sandbox.modal.wire.SandboxGetTunnelsRequest;
import io.agentruntime.sandbox.modal.wire.SandboxGetTunnelsResponse;
import io.agentruntime.sandbox.modal.wire.TunnelData;
import io.agentruntime.sandbox.modal.wire.router.TaskSnapshotFilesystemRequest;
import io.agentruntime.sandbox.modal.wire.router.TaskSnapshotFilesystemResponse;
import io.agentruntime.sandbox.support.ExecSandbox;
import io.agentruntime.sandbox.support.FileWatch;
import io.agentruntime.spi.sandbox.SandboxCapability;
import io.agentruntime.support.spool.SpoolCommands;
import java.net.URI;
import java.time.Duration;
import java.util.UUID;
import java.util.function.Consumer;

/** A sandbox at Modal. Thread-safe. */
final class ModalSandbox extends ExecSandbox {
  private static final Duration LONGEST_SNAPSHOT = Duration.ofMinutes(10);
  private static final Duration LONGEST_TUNNELS = Duration.ofSeconds(30);

  private final Machine machine;
  private final Scratch scratch;

  ModalSandbox(Machine machine, Scratch scratch) {
    super(new ModalSpoolCalls(machine));
    this.machine = machine;
    this.scratch = scratch;
  }

  @Override
  protected SpoolCommands spool() throws InterruptedException {
    return scratch.spool();
  }

  @Override
  public AutoCloseable watch(String root, Consumer<String> onChange) throws InterruptedException {
    return FileWatch.start(machine, root, true, onChange);
  }

  @Override
  public URI endpoint(int port) throws InterruptedException {
    ModalSettings settings = machine.modal().settings();
    if (settings.ports().isEmpty()) {
      throw AgentRuntimeException.unsupported("modal", SandboxCapability.ENDPOINT);
    }
    if (!settings.ports().contains(port)) {
      throw AgentRuntimeException.invalid(
          "port", "one of the setting 'ports', " + settings.ports() + ", not " + port);
    }
    SandboxGetTunnelsResponse tunnels =
        machine.guarded(
            "find the address of port " + port,
            () ->
                machine
                    .modal()
                    .call(
                        Backend.of(id()).rpc("SandboxGetTunnels"),
                        SandboxGetTunnelsRequest.newBuilder()
                            .setSandboxId(id())
                            .setTimeout(LONGEST_TUNNELS.toSeconds())
                            .build(),
                        SandboxGetTunnelsResponse.parser()));
    return tunnels.getTunnelsList().stream()
        .filter(tunnel -> tunnel.getContainerPort() == port)
        .findFirst()
        .map(ModalSandbox::uri)
        .orElseThrow(
            () ->
                new AgentRuntimeException(
                    StandardError.SANDBOX_FAILED,
                    "sandbox " + id() + " was created without port " + port));
  }

  @Override
  public String snapshot(String name) throws InterruptedException {
    TaskSnapshotFilesystemRequest request =
        TaskSnapshotFilesystemRequest.newBuilder()
            .setTaskId(machine.router().taskId())
            .setSnapshotId(UUID.randomUUID().toString())
            .build();
    return machine.guarded(
        "make an image",
        () -> {
          String image =
              machine
                  .router()
                  .call(
                      "TaskSnapshotFilesystem",
                      request,
                      TaskSnapshotFilesystemResponse.parser(),
                      LONGEST_SNAPSHOT)
                  .getImageId();
          if (image.isEmpty()) {
            throw new GrpcException(GrpcStatus.INTERNAL, "the snapshot has no id", null);
          }
          return image;
        });
  }

  @Override
  public void terminate() throws InterruptedException {
    machine.terminate();
  }

  private static URI uri(TunnelData tunnel) {
    boolean plain = tunnel.getHost().isEmpty();
    String host = plain ? tunnel.getUnencryptedHost() : tunnel.getHost();
    int port = plain ? tunnel.getUnencryptedPort() : tunnel.getPort();
    return URI.create((plain ? "http" : "https") + "://" + host + ":" + port);
  }
}
