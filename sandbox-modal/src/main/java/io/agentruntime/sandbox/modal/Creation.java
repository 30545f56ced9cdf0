// SPDX-License-Identifier: MIT

package io.agentruntime.sandbox.modal;

import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.sandbox.modal.grpc.GrpcException;
import io.agentruntime.sandbox.modal.grpc.GrpcStatus;
import io.agentruntime.sandbox.modal.wire.NetworkAccess;
import io.agentruntime.sandbox.modal.wire.NetworkAccess.NetworkAccessType;
import io.agentruntime.sandbox.modal.wire.ObjectCreationType;
import io.agentruntime.sandbox.modal.wire.PortSpec;
import io.agentruntime.sandbox.modal.wire.PortSpecs;
import io.agentruntime.sandbox.modal.wire.Resources;
import io.agentruntime.sandbox.modal.wire.SandboxCreateRequest;
import io.agentruntime.sandbox.modal.wire.SandboxCreateResponse;
import io.agentruntime.sandbox.modal.wire.SandboxCreateV2Request;
import io.agentruntime.sandbox.modal.wire.SandboxCreateV2Response;
import io.agentruntime.sandbox.modal.wire.SchedulerPlacement;
import io.agentruntime.sandbox.modal.wire.SecretGetOrCreateRequest;
import io.agentruntime.sandbox.modal.wire.SecretGetOrCreateResponse;
import io.agentruntime.sandbox.modal.wire.SecretSource;
import io.agentruntime.sandbox.modal.wire.StringMap;
import io.agentruntime.sandbox.support.Layout;
import io.agentruntime.spi.sandbox.NetworkMode;
import io.agentruntime.spi.sandbox.SandboxCapability;
import io.agentruntime.spi.sandbox.SandboxResources;
import io.agentruntime.spi.sandbox.SandboxSpec;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/** Makes sandboxes: what they may do, see and use. Thread-safe. */
final class Creation {
  private static final Duration LONGEST_START = Duration.ofMinutes(5);
  private static final long MIB = 1 << 20;

  private final ControlPlane modal;
  private final App app;
  private final Tags tags;
  private final Machines machines;

  Creation(ControlPlane modal, App app, Tags tags, Machines machines) {
    this.modal = modal;
    this.app = app;
    this.tags = tags;
    this.machines = machines;
  }

  /** Creates and starts a sandbox; one of the same name is ended first. */
  Machine create(SandboxSpec spec, String imageId) throws GrpcException, InterruptedException {
    if (spec.resources().maxProcesses() != null) {
      throw AgentRuntimeException.unsupported("modal", SandboxCapability.PROCESS_LIMIT);
    }
    try {
      return createNow(spec, imageId);
    } catch (GrpcException e) {
      if (e.status() != GrpcStatus.ALREADY_EXISTS) {
        throw e;
      }
      machines.endPredecessor(spec.name());
      return createNow(spec, imageId);
    }
  }

  private Machine createNow(SandboxSpec spec, String imageId)
      throws GrpcException, InterruptedException {
    Map<String, String> environment = new HashMap<>();
    environment.put("HOME", Layout.PATHS.home());
    environment.putAll(spec.environment());
    var definition = definition(spec, imageId);
    return modal.settings().backend() == Backend.V2
        ? createV2(spec, definition, environment)
        : createV1(spec, definition, environment);
  }

  private Machine createV2(
      SandboxSpec spec,
      io.agentruntime.sandbox.modal.wire.Sandbox.Builder definition,
      Map<String, String> environment)
      throws GrpcException, InterruptedException {
    SandboxCreateV2Response made =
        modal.call(
            "SandboxCreateV2",
            SandboxCreateV2Request.newBuilder()
                .setAppId(app.id())
                .setDefinition(definition)
                .addAllTags(tags.of(spec.name(), spec.labels()))
                .addSecretSources(
                    SecretSource.newBuilder()
                        .setEnv(StringMap.newBuilder().putAllContents(environment)))
                .build(),
            SandboxCreateV2Response.parser(),
            LONGEST_START);
    Router.Access access =
        made.hasCommandRouterAccess()
            ? Router.Access.of(
                modal.settings(),
                made.getCommandRouterAccess().getUrl(),
                made.getCommandRouterAccess().getJwt())
            : null;
    if (made.getTaskId().isEmpty()) {
      return machines.started(made.getSandboxId(), LONGEST_START);
    }
    return new Machine(
        modal,
        made.getSandboxId(),
        new Router(modal, made.getSandboxId(), made.getTaskId(), access));
  }

  private Machine createV1(
      SandboxSpec spec,
      io.agentruntime.sandbox.modal.wire.Sandbox.Builder definition,
      Map<String, String> environment)
      throws GrpcException, InterruptedException {
    String secret =
        modal
            .call(
                "SecretGetOrCreate",
                SecretGetOrCreateRequest.newBuilder()
                    .setObjectCreationType(ObjectCreationType.OBJECT_CREATION_TYPE_EPHEMERAL)
                    .setEnvironmentName(modal.settings().environment())
                    .putAllEnvDict(environment)
                    .build(),
                SecretGetOrCreateResponse.parser())
            .getSecretId();
    SandboxCreateResponse made =
        modal.call(
            "SandboxCreate",
            SandboxCreateRequest.newBuilder()
                .setAppId(app.id())
                .setDefinition(definition.addSecretIds(secret))
                .addAllTags(tags.of(spec.name(), spec.labels()))
                .build(),
            SandboxCreateResponse.parser(),
            LONGEST_START);
    try {
      return machines.started(made.getSandboxId(), LONGEST_START);
    } catch (GrpcException | AgentRuntimeException e) {
      try {
        machines.ended(made.getSandboxId()).terminate();
      } catch (AgentRuntimeException suppressed) {
        e.addSuppressed(suppressed);
      }
      throw e;
    }
  }

  private io.agentruntime.sandbox.modal.wire.Sandbox.Builder definition(
      SandboxSpec spec, String imageId) {
    ModalSettings settings = modal.settings();
    var definition =
        io.agentruntime.sandbox.modal.wire.Sandbox.newBuilder()
            .setImageId(imageId)
            .setResources(resources(spec.resources()))
            .setTimeoutSecs(Math.toIntExact(Math.max(1, settings.timeout().toSeconds())))
            .setNetworkAccess(network(spec.network()))
            .setName(tags.modalName(spec.name()));
    if (settings.idleTimeout() != null) {
      definition.setIdleTimeoutSecs(
          Math.toIntExact(Math.max(1, settings.idleTimeout().toSeconds())));
    }
    if (!settings.regions().isEmpty()) {
      definition.setSchedulerPlacement(
          SchedulerPlacement.newBuilder().addAllRegions(settings.regions()));
    }
    if (!settings.ports().isEmpty()) {
      PortSpecs.Builder ports = PortSpecs.newBuilder();
      settings.ports().forEach(port -> ports.addPorts(PortSpec.newBuilder().setPort(port)));
      definition.setOpenPorts(ports);
    }
    return definition;
  }

  /** Limits, not only requests: what a sandbox may use is what it was given. */
  private Resources resources(SandboxResources wish) {
    ModalSettings settings = modal.settings();
    long bytes = Objects.requireNonNullElse(wish.memoryBytes(), settings.memoryBytes());
    double cpus = Objects.requireNonNullElse(wish.cpus(), settings.cpus());
    long mebibytes = Math.max(1, (bytes + MIB - 1) / MIB);
    if (mebibytes > Integer.MAX_VALUE || !(cpus > 0 && cpus <= 100_000)) {
      throw AgentRuntimeException.invalid("resources", "less memory and some processors");
    }
    int milliCpus = (int) Math.max(1, 1000 * cpus);
    return Resources.newBuilder()
        .setMemoryMb((int) mebibytes)
        .setMemoryMbMax((int) mebibytes)
        .setMilliCpu(milliCpus)
        .setMilliCpuMax(milliCpus)
        .build();
  }

  private NetworkAccess network(NetworkMode mode) {
    ModalSettings settings = modal.settings();
    if (mode == NetworkMode.NONE) {
      return NetworkAccess.newBuilder().setNetworkAccessType(NetworkAccessType.BLOCKED).build();
    }
    return NetworkAccess.newBuilder()
        .setNetworkAccessType(settings.network())
        .addAllAllowedCidrs(settings.allowedCidrs())
        .addAllAllowedDomains(settings.allowedDomains())
        .build();
  }
}
