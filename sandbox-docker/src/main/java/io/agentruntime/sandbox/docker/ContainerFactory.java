// SPDX-License-Identifier: MIT

package io.agentruntime.sandbox.docker;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.LogConfig;
import com.github.dockerjava.api.model.Mount;
import com.github.dockerjava.api.model.MountType;
import com.github.dockerjava.api.model.RestartPolicy;
import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import io.agentruntime.sandbox.support.Layout;
import io.agentruntime.spi.sandbox.NetworkMode;
import io.agentruntime.spi.sandbox.SandboxResources;
import io.agentruntime.spi.sandbox.SandboxSpec;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Makes containers: what they may do, see and use. Thread-safe. */
final class ContainerFactory {
  private static final int CONFLICT = 409;

  private final Engine engine;
  private final DockerSettings settings;
  private final Labels labels;
  private final Networks networks;

  ContainerFactory(Engine engine, DockerSettings settings, Labels labels) {
    this.engine = engine;
    this.settings = settings;
    this.labels = labels;
    networks = new Networks(engine);
  }

  /**
   * Creates and starts a container; one of the same sandbox name is removed first. A failure
   * removes what was created.
   */
  Container create(SandboxSpec spec, String image) throws InterruptedException {
    String attempt = "create sandbox " + spec.name();
    Container container = new Container(engine, createStopped(spec, image));
    try {
      engine.call(attempt, docker -> docker.startContainerCmd(container.id()).exec());
      return container;
    } catch (AgentRuntimeException e) {
      networks.forget();
      removeAfter(e, container);
      throw e;
    }
  }

  /** Puts the runtime's own files into a new container, and the folders that its image lacks. */
  Scratch prepare(Container container, SandboxSpec spec, String image) throws InterruptedException {
    Scratch scratch = Scratch.create(container, spec.environment());
    if (scratch == null && !settings.readOnly()) {
      container.unpackAtRoot(
          FolderArchive.of(List.of(Layout.PATHS.workspace(), Layout.PATHS.home())));
      scratch = Scratch.create(container, spec.environment());
    }
    if (scratch == null) {
      throw new AgentRuntimeException(
          StandardError.SANDBOX_FAILED,
          "Cannot create sandbox %s: image %s lacks %s or %s, owned by user %s"
              .formatted(
                  spec.name(),
                  image,
                  Layout.PATHS.workspace(),
                  Layout.PATHS.home(),
                  Container.USER));
    }
    return scratch;
  }

  /** Removes a container that could not be made usable. */
  static void removeAfter(AgentRuntimeException failure, Container container)
      throws InterruptedException {
    try {
      container.remove();
    } catch (AgentRuntimeException e) {
      failure.addSuppressed(e);
    }
  }

  private String createStopped(SandboxSpec spec, String image) throws InterruptedException {
    String attempt = "create sandbox " + spec.name();
    String network = networks.require(network(spec));
    try {
      return engine.call(attempt, docker -> command(docker, spec, image, network).exec().getId());
    } catch (AgentRuntimeException e) {
      if (Engine.status(e) != CONFLICT) {
        throw e;
      }
      removePredecessor(spec.name(), e);
      return engine.call(attempt, docker -> command(docker, spec, image, network).exec().getId());
    }
  }

  private void removePredecessor(String name, AgentRuntimeException conflict)
      throws InterruptedException {
    String containerName = labels.containerName(name);
    InspectContainerResponse found =
        engine.<@Nullable InspectContainerResponse>call(
            "find sandbox " + name,
            docker -> {
              try {
                return docker.inspectContainerCmd(containerName).exec();
              } catch (NotFoundException e) {
                return null;
              }
            });
    if (found == null) {
      return;
    }
    Map<String, String> its = found.getConfig().getLabels();
    if (!name.equals(labels.sandboxName(containerName, its))) {
      throw new AgentRuntimeException(
          StandardError.SANDBOX_FAILED,
          "Cannot create sandbox %s: a container named %s exists that is not this runtime's"
              .formatted(name, containerName),
          conflict);
    }
    new Container(engine, found.getId()).remove();
  }

  private CreateContainerCmd command(
      DockerClient docker, SandboxSpec spec, String image, String network) {
    return docker
        .createContainerCmd(image)
        .withName(labels.containerName(spec.name()))
        .withLabels(labels.of(spec.name(), spec.labels()))
        .withUser(Container.USER)
        .withWorkingDir("/")
        .withHostName("sandbox")
        .withEntrypoint("sleep", "infinity")
        .withCmd(List.of())
        .withStopTimeout(1)
        .withHostConfig(hostConfig(spec, network));
  }

  private HostConfig hostConfig(SandboxSpec spec, String network) {
    SandboxResources resources = spec.resources();
    long memory = Objects.requireNonNullElse(resources.memoryBytes(), settings.memoryBytes());
    double cpus = Objects.requireNonNullElse(resources.cpus(), settings.cpus());
    int processes = Objects.requireNonNullElse(resources.maxProcesses(), settings.maxProcesses());
    HostConfig config =
        HostConfig.newHostConfig()
            .withPrivileged(false)
            .withCapDrop(Capability.ALL)
            .withSecurityOpts(List.of("no-new-privileges"))
            .withMemory(memory)
            .withMemorySwap(memory)
            .withNanoCPUs(Math.round(cpus * 1e9))
            .withPidsLimit((long) processes)
            .withInit(true)
            .withReadonlyRootfs(settings.readOnly())
            .withTmpFs(memoryFileSystems())
            .withNetworkMode(network)
            // Nothing but the init process writes there; output is in the spools.
            .withLogConfig(new LogConfig(LogConfig.LoggingType.NONE))
            .withRestartPolicy(RestartPolicy.noRestart());
    if (!network.equals("none")) {
      config.withExtraHosts(DockerSandbox.HOST + ":host-gateway");
    }
    if (settings.readOnly()) {
      config.withMounts(List.of(volume(Layout.PATHS.workspace()), volume(Layout.PATHS.home())));
    }
    if (settings.runtime() != null) {
      config.withRuntime(settings.runtime());
    }
    return config;
  }

  /** The network for a sandbox, as it is configured. */
  String network(SandboxSpec spec) {
    return spec.network() == NetworkMode.NONE ? "none" : settings.network();
  }

  private Map<String, String> memoryFileSystems() {
    String mine = "rw,exec,nosuid,nodev,uid=1000,gid=1000";
    Map<String, String> mounts = new HashMap<>();
    mounts.put(Layout.PATHS.scratch(), mine + ",mode=0700,size=" + settings.spoolBytes());
    if (settings.readOnly()) {
      mounts.put(Layout.TMP, "rw,exec,nosuid,nodev,mode=1777,size=" + settings.tmpBytes());
    }
    return mounts;
  }

  /** A volume without a name: filled from the image, and removed with the container. */
  private static Mount volume(String path) {
    return new Mount().withType(MountType.VOLUME).withTarget(path);
  }
}
