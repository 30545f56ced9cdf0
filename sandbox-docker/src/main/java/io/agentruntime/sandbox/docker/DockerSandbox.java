// SPDX-License-Identifier: MIT

package io.agentruntime.sandbox.docker;

import com.github.dockerjava.api.model.ContainerNetwork;
import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import io.agentruntime.sandbox.support.ExecSandbox;
import io.agentruntime.sandbox.support.FileWatch;
import io.agentruntime.spi.sandbox.SandboxCapability;
import io.agentruntime.support.spool.SpoolCommands;
import java.net.URI;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** A container as a sandbox. Thread-safe. */
final class DockerSandbox extends ExecSandbox {
  static final String HOST = "host.docker.internal";

  private final Container container;
  private final Scratch scratch;
  private final Set<SandboxCapability> capabilities;
  private final Shells shells;

  /**
   * Wraps a container.
   *
   * @param scratch the runtime's own files in it
   * @param capabilities what this very sandbox supports
   */
  DockerSandbox(Container container, Scratch scratch, Set<SandboxCapability> capabilities) {
    this(container, new Shells(container), scratch, capabilities);
  }

  private DockerSandbox(
      Container container, Shells shells, Scratch scratch, Set<SandboxCapability> capabilities) {
    super(new DockerSpoolCalls(container, shells));
    this.container = container;
    this.scratch = scratch;
    this.capabilities = Set.copyOf(capabilities);
    this.shells = shells;
  }

  @Override
  protected SpoolCommands spool() throws InterruptedException {
    return scratch.spool();
  }

  @Override
  protected Map<String, String> environment() throws InterruptedException {
    return scratch.environment();
  }

  @Override
  public AutoCloseable watch(String root, Consumer<String> onChange) throws InterruptedException {
    require(SandboxCapability.WATCH);
    return FileWatch.start(container, root, false, onChange);
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
  public void terminate() throws InterruptedException {
    shells.endIdle();
    container.remove();
  }

  private void require(SandboxCapability capability) {
    if (!capabilities.contains(capability)) {
      throw AgentRuntimeException.unsupported("docker", capability);
    }
  }
}
