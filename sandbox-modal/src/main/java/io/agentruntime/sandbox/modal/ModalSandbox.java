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
import io.agentruntime.spi.sandbox.FileListing;
import io.agentruntime.spi.sandbox.FileUpload;
import io.agentruntime.spi.sandbox.FileVisitor;
import io.agentruntime.spi.sandbox.ListRequest;
import io.agentruntime.spi.sandbox.ProcessId;
import io.agentruntime.spi.sandbox.ProcessSpec;
import io.agentruntime.spi.sandbox.Sandbox;
import io.agentruntime.spi.sandbox.SandboxCapability;
import io.agentruntime.spi.sandbox.SandboxPaths;
import io.agentruntime.spi.sandbox.SandboxProcess;
import io.agentruntime.support.spool.SpoolReply;
import java.io.InputStream;
import java.net.URI;
import java.time.Duration;
import java.util.Collection;
import java.util.UUID;
import java.util.function.Consumer;

/** A sandbox at Modal. Thread-safe. */
final class ModalSandbox implements Sandbox {
  private static final Duration LONGEST_SNAPSHOT = Duration.ofMinutes(10);
  private static final Duration LONGEST_TUNNELS = Duration.ofSeconds(30);
  private static final byte[] NOTHING = new byte[0];

  private final Machine machine;
  private final Scratch scratch;
  private final MachineFiles files;
  private final FileLister lister;

  ModalSandbox(Machine machine, Scratch scratch) {
    this.machine = machine;
    this.scratch = scratch;
    files = new MachineFiles(machine);
    lister = new FileLister(machine);
  }

  @Override
  public String id() {
    return machine.id();
  }

  @Override
  public SandboxPaths paths() {
    return Layout.PATHS;
  }

  @Override
  public SandboxProcess start(ProcessSpec spec) throws InterruptedException {
    ExecCommand command = new ExecCommand(scratch.spool().start(spec), spec.environment(), null);
    Machine.Output output = machine.runWell("start process " + spec.id(), command, NOTHING);
    SpoolReply.ok(spec.id(), output.text());
    return new ModalProcess(machine, scratch.spool(), spec.id());
  }

  @Override
  public SandboxProcess process(ProcessId id) throws InterruptedException {
    ModalProcess process = new ModalProcess(machine, scratch.spool(), id);
    process.status();
    return process;
  }

  @Override
  public void writeFiles(Collection<FileUpload> uploads) throws InterruptedException {
    files.write(uploads);
  }

  @Override
  public InputStream readFile(String path) throws InterruptedException {
    return files.open(path);
  }

  @Override
  public void readFiles(Collection<String> paths, FileVisitor visitor) throws InterruptedException {
    files.read(paths, visitor);
  }

  @Override
  public FileListing list(ListRequest request) throws InterruptedException {
    return lister.list(request);
  }

  @Override
  public void deleteFiles(Collection<String> paths) throws InterruptedException {
    files.delete(paths);
  }

  @Override
  public AutoCloseable watch(String root, Consumer<String> onChange) throws InterruptedException {
    return FileWatch.start(machine, root, onChange);
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
  public boolean isAlive() throws InterruptedException {
    return machine.isAlive();
  }

  @Override
  public void terminate() throws InterruptedException {
    machine.terminate();
  }

  @Override
  public String toString() {
    return "ModalSandbox[" + id() + "]";
  }

  private static URI uri(TunnelData tunnel) {
    boolean plain = tunnel.getHost().isEmpty();
    String host = plain ? tunnel.getUnencryptedHost() : tunnel.getHost();
    int port = plain ? tunnel.getUnencryptedPort() : tunnel.getPort();
    return URI.create((plain ? "http" : "https") + "://" + host + ":" + port);
  }
}
