// SPDX-License-Identifier: MIT

package io.agentruntime.sandbox.modal;

import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import io.agentruntime.sandbox.modal.grpc.GrpcException;
import io.agentruntime.sandbox.modal.grpc.GrpcStatus;
import io.agentruntime.sandbox.modal.grpc.GrpcTransport;
import io.agentruntime.sandbox.modal.grpc.MicronautTransport;
import io.agentruntime.sandbox.modal.grpc.TransportSettings;
import io.agentruntime.spi.HealthProblem;
import io.agentruntime.spi.ProviderContext;
import io.agentruntime.spi.sandbox.Sandbox;
import io.agentruntime.spi.sandbox.SandboxCapability;
import io.agentruntime.spi.sandbox.SandboxListing;
import io.agentruntime.spi.sandbox.SandboxProvider;
import io.agentruntime.spi.sandbox.SandboxSpec;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One sandbox in Modal's cloud per session.
 *
 * <p>{@code open} checks the settings and waits for nobody: with tokens it asks Modal in the
 * background and tells the log what is wrong, without tokens everything is refused by {@code
 * CONFIGURATION}, so that the provider may lie on every class path. Sandboxes outlive the provider.
 */
public final class ModalSandboxProvider implements SandboxProvider {
  private static final Logger log = LoggerFactory.getLogger(ModalSandboxProvider.class);

  private final Map<String, String> variables;
  private final Function<TransportSettings, GrpcTransport> transports;
  private volatile @Nullable Live live;

  /** For the service loader; does nothing. */
  public ModalSandboxProvider() {
    this(System.getenv());
  }

  /** A provider of a server with these variables. */
  ModalSandboxProvider(Map<String, String> variables) {
    this(variables, MicronautTransport::new);
  }

  /** The same over a transport that somebody else makes. */
  ModalSandboxProvider(
      Map<String, String> variables, Function<TransportSettings, GrpcTransport> transports) {
    this.variables = variables;
    this.transports = transports;
  }

  @Override
  public String id() {
    return "modal";
  }

  @Override
  public void open(ProviderContext context) {
    ModalSettings settings = ModalSettings.read(context, variables);
    Path trust = TrustStore.of(settings.caBundle(), context.dataDirectory());
    live = new Live(context, settings, trust, transports);
    if (settings.credentials() != null) {
      Thread.ofVirtual().name("modal-check").start(this::check);
    }
  }

  @Override
  public void close() {
    Live closing = live;
    if (closing != null) {
      closing.close();
    }
  }

  @Override
  public Set<SandboxCapability> capabilities() {
    return live().capabilities;
  }

  /** Lists sandboxes, which needs tokens, environment and network. */
  @Override
  public List<HealthProblem> health() throws InterruptedException {
    try {
      list();
      return List.of();
    } catch (AgentRuntimeException e) {
      return List.of(
          new HealthProblem(
              String.valueOf(e.getMessage()),
              "if Modal is wanted, see docs/modal.md about tokens, environment and network"));
    }
  }

  @Override
  public Sandbox create(SandboxSpec spec) throws InterruptedException {
    return create(spec, _ -> {});
  }

  @Override
  public Sandbox create(SandboxSpec spec, Consumer<String> progress) throws InterruptedException {
    return live().create(spec, progress);
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

  /** Says before the first session what would make it fail. */
  private void check() {
    Live checked = live();
    try {
      checked.app.id();
      log.info("Modal answers at {}", checked.settings.serverUrl());
    } catch (GrpcException e) {
      if (!checked.closed.get()) {
        log.warn("Modal sandboxes: {}", Troubles.of("use sandboxes", e).getMessage());
      }
    } catch (AgentRuntimeException e) {
      if (!checked.closed.get()) {
        log.warn("Modal sandboxes: {}", e.getMessage());
      }
    } catch (IllegalStateException e) {
      log.warn("Modal cannot be asked", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
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
    private final ModalSettings settings;
    private final Set<SandboxCapability> capabilities;
    private final GrpcTransport transport;
    private final App app;
    private final Images images;
    private final Machines machines;
    private final Creation creation;
    private final AtomicBoolean closed = new AtomicBoolean();

    Live(
        ProviderContext context,
        ModalSettings settings,
        @Nullable Path trust,
        Function<TransportSettings, GrpcTransport> transports) {
      this.settings = settings;
      capabilities = capabilities(settings);
      transport =
          new LazyTransport(
              () ->
                  transports.apply(
                      new TransportSettings(
                          trust,
                          settings.streamsPerConnection(),
                          settings.connections(),
                          settings.connectTimeout(),
                          TransportSettings.DEFAULT_MESSAGE_LIMIT)));
      ControlPlane modal = new ControlPlane(settings, transport, context.clock());
      Tags tags = new Tags(context.runtimeId());
      app = new App(modal);
      images = new Images(modal, app);
      machines = new Machines(modal, app, tags);
      creation = new Creation(modal, app, tags, machines);
    }

    Sandbox create(SandboxSpec spec, Consumer<String> progress) throws InterruptedException {
      requireUsable();
      Machine machine;
      try {
        String image = images.require(spec.image(), progress);
        try {
          machine = creation.create(spec, image);
        } catch (GrpcException e) {
          images.forget(image);
          throw e;
        }
      } catch (GrpcException e) {
        throw Troubles.of("create sandbox " + spec.name(), e);
      }
      try {
        return new ModalSandbox(machine, Scratch.create(machine));
      } catch (AgentRuntimeException e) {
        try {
          machine.terminate();
        } catch (AgentRuntimeException suppressed) {
          e.addSuppressed(suppressed);
        }
        throw e;
      }
    }

    Sandbox attach(String sandboxId) throws InterruptedException {
      requireUsable();
      try {
        Machine found = machines.find(sandboxId);
        if (found != null) {
          return new ModalSandbox(found, Scratch.of(found));
        }
      } catch (GrpcException e) {
        if (e.status() != GrpcStatus.NOT_FOUND) {
          throw Troubles.of("attach sandbox " + sandboxId, e);
        }
      }
      throw machines.ended(sandboxId).lost("attach", null);
    }

    List<SandboxListing> list() throws InterruptedException {
      requireUsable();
      try {
        return machines.list();
      } catch (GrpcException e) {
        throw Troubles.of("list sandboxes", e);
      }
    }

    void terminate(String sandboxId) throws InterruptedException {
      requireUsable();
      try {
        if (machines.isMine(sandboxId)) {
          machines.ended(sandboxId).terminate();
        }
      } catch (GrpcException e) {
        throw Troubles.of("end sandbox " + sandboxId, e);
      }
    }

    void close() {
      if (!closed.getAndSet(true)) {
        transport.close();
      }
    }

    private void requireUsable() {
      if (closed.get()) {
        throw new AgentRuntimeException(StandardError.CLOSED, "the Modal provider was closed");
      }
      settings.requireCredentials();
    }

    private static Set<SandboxCapability> capabilities(ModalSettings settings) {
      Set<SandboxCapability> supported =
          EnumSet.of(
              SandboxCapability.REATTACH,
              SandboxCapability.ISOLATION,
              SandboxCapability.RESOURCE_LIMITS,
              SandboxCapability.NETWORK_POLICY,
              SandboxCapability.WATCH,
              SandboxCapability.SNAPSHOT);
      if (!settings.ports().isEmpty()) {
        supported.add(SandboxCapability.ENDPOINT);
      }
      return Set.copyOf(supported);
    }
  }
}
