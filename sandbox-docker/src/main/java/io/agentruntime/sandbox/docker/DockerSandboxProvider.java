// SPDX-License-Identifier: MIT

package io.agentruntime.sandbox.docker;

import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.exception.NotFoundException;
import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import io.agentruntime.spi.HealthProblem;
import io.agentruntime.spi.ProviderContext;
import io.agentruntime.spi.sandbox.Sandbox;
import io.agentruntime.spi.sandbox.SandboxCapability;
import io.agentruntime.spi.sandbox.SandboxListing;
import io.agentruntime.spi.sandbox.SandboxProvider;
import io.agentruntime.spi.sandbox.SandboxSpec;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One Docker container per sandbox: unprivileged, without capabilities, within limits.
 *
 * <p>{@code open} checks the settings and connects to nothing, so that a server starts also while
 * the engine is down; {@link #list()} tells whether it answers. Containers outlive the provider.
 */
public final class DockerSandboxProvider implements SandboxProvider {
  private static final Logger log = LoggerFactory.getLogger(DockerSandboxProvider.class);

  private volatile @Nullable Live live;

  /** For the service loader; does nothing. */
  public DockerSandboxProvider() {}

  @Override
  public String id() {
    return "docker";
  }

  @Override
  public void open(ProviderContext context) {
    DockerSettings settings = DockerSettings.read(context, System.getenv());
    if (!Set.of(Networks.ISOLATED, "none").contains(settings.network())) {
      log.warn("Sandboxes in the Docker network {} can reach each other", settings.network());
    }
    live = new Live(context.runtimeId(), settings);
  }

  @Override
  public void close() {
    Live closing = live;
    if (closing != null) {
      closing.engine.close();
    }
  }

  @Override
  public Set<SandboxCapability> capabilities() {
    return live().capabilities;
  }

  @Override
  public List<HealthProblem> health() throws InterruptedException {
    return live().health();
  }

  @Override
  public Sandbox create(SandboxSpec spec) throws InterruptedException {
    return live().create(spec);
  }

  @Override
  public Sandbox attach(String sandboxId) throws InterruptedException {
    return live().attach(sandboxId);
  }

  @Override
  public List<SandboxListing> list() throws InterruptedException {
    return live().list();
  }

  @Override
  public void terminate(String sandboxId) throws InterruptedException {
    live().terminate(sandboxId);
  }

  /** How many connections to the engine are open. */
  int openConnections() {
    return live().engine.connections().count();
  }

  private Live live() {
    Live now = live;
    if (now == null) {
      throw new IllegalStateException("the provider was not opened");
    }
    return now;
  }

  /** The provider after open. */
  private static final class Live {
    private final Engine engine;
    private final Labels labels;
    private final Images images;
    private final ContainerFactory factory;
    private final Set<SandboxCapability> capabilities;

    Live(String runtimeId, DockerSettings settings) {
      engine = new Engine(settings);
      labels = new Labels(runtimeId);
      images = new Images(engine, settings, ImageBuild.pinnedVersions());
      factory = new ContainerFactory(engine, settings, labels);
      capabilities = capabilities(settings);
    }

    List<HealthProblem> health() throws InterruptedException {
      try {
        engine.requireUsable();
        // Once is not enough: the engine may be known from earlier, and gone.
        engine.askSoon("ask the Docker engine", docker -> docker.pingCmd().exec());
      } catch (AgentRuntimeException e) {
        return List.of(
            new HealthProblem(
                e.getMessage(),
                "start the engine (systemctl start docker), or name another with"
                    + " agent-runtime.sandbox.docker.host or DOCKER_HOST"));
      }
      return images
          .missing()
          .map(
              image ->
                  List.of(
                      new HealthProblem(
                          "the image " + image + " is not at the engine",
                          "pull or build it there, or name another with"
                              + " agent-runtime.sandbox.docker.image")))
          .orElse(List.of());
    }

    Sandbox create(SandboxSpec spec) throws InterruptedException {
      engine.requireUsable();
      String image = images.require(spec.image());
      Container container = factory.create(spec, image);
      try {
        Scratch scratch = factory.prepare(container, spec, image);
        return new DockerSandbox(container, scratch, capabilitiesIn(factory.network(spec)));
      } catch (AgentRuntimeException e) {
        ContainerFactory.removeAfter(e, container);
        throw e;
      }
    }

    /** The container of a sandbox of this runtime, running or not; null when there is none. */
    private @Nullable InspectContainerResponse find(String sandboxId) throws InterruptedException {
      engine.requireUsable();
      InspectContainerResponse found =
          engine.<@Nullable InspectContainerResponse>call(
              "find sandbox " + sandboxId,
              docker -> {
                try {
                  return docker.inspectContainerCmd(sandboxId).exec();
                } catch (NotFoundException e) {
                  return null;
                }
              });
      boolean ours =
          found != null
              && found.getId().equals(sandboxId)
              && labels.sandboxName(found.getName(), found.getConfig().getLabels()) != null;
      return ours ? found : null;
    }

    /** Also what a crash left between creating and starting, and what the engine has stopped. */
    void terminate(String sandboxId) throws InterruptedException {
      InspectContainerResponse found = find(sandboxId);
      if (found != null) {
        new Container(engine, found.getId()).remove();
      }
    }

    Sandbox attach(String sandboxId) throws InterruptedException {
      InspectContainerResponse found = find(sandboxId);
      if (found == null || !Boolean.TRUE.equals(found.getState().getRunning())) {
        throw new AgentRuntimeException(
            StandardError.SANDBOX_LOST, "sandbox " + sandboxId + " does not exist or has ended");
      }
      Container container = new Container(engine, found.getId());
      return new DockerSandbox(
          container, Scratch.of(container), capabilitiesIn(found.getHostConfig().getNetworkMode()));
    }

    List<SandboxListing> list() throws InterruptedException {
      engine.requireUsable();
      return engine
          .call(
              "list sandboxes",
              docker ->
                  docker
                      .listContainersCmd()
                      .withShowAll(true)
                      .withLabelFilter(Map.of(Labels.RUNTIME_ID, labels.runtimeId()))
                      .exec())
          .stream()
          .flatMap(this::listing)
          .toList();
    }

    private Stream<SandboxListing> listing(com.github.dockerjava.api.model.Container container) {
      Map<String, String> all = container.getLabels();
      return Stream.of(container.getNames())
          .map(name -> labels.sandboxName(name, all))
          .filter(name -> name != null)
          .limit(1)
          .map(
              name ->
                  new SandboxListing(
                      container.getId(),
                      name,
                      Labels.fromSpec(all),
                      Instant.ofEpochSecond(container.getCreated()),
                      "running".equals(container.getState())));
    }

    /** What a sandbox in a network supports. */
    private Set<SandboxCapability> capabilitiesIn(@Nullable String network) {
      Set<SandboxCapability> supported = EnumSet.copyOf(capabilities);
      if ("none".equals(network)) {
        supported.remove(SandboxCapability.ENDPOINT);
        supported.remove(SandboxCapability.HOST_ACCESS);
      }
      return supported;
    }

    private static Set<SandboxCapability> capabilities(DockerSettings settings) {
      Set<SandboxCapability> supported = EnumSet.allOf(SandboxCapability.class);
      if (!settings.address().isLocal()) {
        supported.remove(SandboxCapability.ENDPOINT);
      }
      if (settings.network().equals("none")) {
        supported.remove(SandboxCapability.ENDPOINT);
        supported.remove(SandboxCapability.HOST_ACCESS);
      }
      if (settings.readOnly()) {
        // Workspace and home are volumes then, which an image does not hold.
        supported.remove(SandboxCapability.SNAPSHOT);
      }
      return Set.copyOf(supported);
    }
  }
}
