// SPDX-License-Identifier: MIT

package io.agentruntime.sandbox.docker;

import com.github.dockerjava.api.model.ContainerNetwork;
import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
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
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** A container as a sandbox. Thread-safe. */
final class DockerSandbox implements Sandbox {
  static final String HOST = "host.docker.internal";

  private final Container container;
  private final Scratch scratch;
  private final Set<SandboxCapability> capabilities;
  private final ContainerFiles files;
  private final FileLister lister;
  private final Shells shells;

  /**
   * Wraps a container.
   *
   * @param scratch the runtime's own files in it
   * @param capabilities what this very sandbox supports
   */
  DockerSandbox(Container container, Scratch scratch, Set<SandboxCapability> capabilities) {
    this.container = container;
    this.scratch = scratch;
    this.capabilities = Set.copyOf(capabilities);
    files = new ContainerFiles(container);
    lister = new FileLister(container);
    shells = new Shells(container);
  }

  @Override
  public String id() {
    return container.id();
  }

  @Override
  public SandboxPaths paths() {
    return Layout.PATHS;
  }

  @Override
  public SandboxProcess start(ProcessSpec spec) throws InterruptedException {
    String attempt = "start process " + spec.id();
    Map<String, String> environment = new HashMap<>(scratch.environment());
    environment.putAll(spec.environment());
    ExecCommand command = new ExecCommand(scratch.spool().start(spec), environment);
    SpoolReply.ok(spec.id(), container.runWell(attempt, command, new byte[0]).text());
    return new DockerProcess(container, shells, scratch.spool(), spec.id());
  }

  @Override
  public SandboxProcess process(ProcessId id) throws InterruptedException {
    DockerProcess process = new DockerProcess(container, shells, scratch.spool(), id);
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
    require(SandboxCapability.WATCH);
    return FileWatch.start(container, root, onChange);
  }

  @Override
  public URI endpoint(int port) throws InterruptedException {
    require(SandboxCapability.ENDPOINT);
    if (port < 1 || port > 65535) {
      throw AgentRuntimeException.invalid("port", "1 to 65535, not " + port);
    }
    Map<String, ContainerNetwork> networks =
        container.call(
            "find the address",
            docker ->
                docker
                    .inspectContainerCmd(container.id())
                    .exec()
                    .getNetworkSettings()
                    .getNetworks());
    return networks.values().stream()
        .map(ContainerNetwork::getIpAddress)
        .filter(address -> address != null && !address.isEmpty())
        .findFirst()
        .map(address -> URI.create("http://" + address + ":" + port))
        .orElseThrow(
            () ->
                new AgentRuntimeException(
                    StandardError.SANDBOX_LOST, "sandbox " + id() + " has no address any more"));
  }

  @Override
  public String hostAddress() {
    require(SandboxCapability.HOST_ACCESS);
    return HOST;
  }

  @Override
  public void pause() throws InterruptedException {
    // A kept shell would not answer; a new one is refused at once.
    shells.endIdle();
    container.setPaused(true);
  }

  @Override
  public void resume() throws InterruptedException {
    container.setPaused(false);
  }

  @Override
  public String snapshot(String name) throws InterruptedException {
    require(SandboxCapability.SNAPSHOT);
    return Snapshots.take(container, name);
  }

  @Override
  public boolean isAlive() throws InterruptedException {
    return container.isAlive();
  }

  @Override
  public void terminate() throws InterruptedException {
    shells.endIdle();
    container.remove();
  }

  @Override
  public String toString() {
    return "DockerSandbox[" + id() + "]";
  }

  private void require(SandboxCapability capability) {
    if (!capabilities.contains(capability)) {
      throw AgentRuntimeException.unsupported("docker", capability);
    }
  }
}
