// SPDX-License-Identifier: MIT

package io.agentruntime.sandbox.modal.standin;

import io.agentruntime.sandbox.modal.wire.GenericResult.GenericStatus;
import io.agentruntime.sandbox.modal.wire.Sandbox;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.netty.channel.nio.NioEventLoopGroup;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContextBuilder;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.stream.Stream;

/**
 * Stands in for Modal's cloud: the control plane and the command router, each a gRPC server at a
 * loopback address, with sandboxes that are processes of this machine. What it does is what the
 * vendor's SDK needs and what is known of the real servers; it proves nothing about them.
 *
 * <p>Needs Linux, root, {@code bwrap} and {@code nsenter}. Thread-safe. Closing it, which is
 * idempotent, ends all sandboxes and deletes their files.
 */
public final class StandIn implements AutoCloseable {
  /** A header of a call. */
  public record Header(String name, String value) {}

  /** A call that arrived, whatever became of it, by its name without the service. */
  public record Call(String name, List<Header> headers) {
    /** A header's value; empty when the call had none of that name. */
    public Optional<String> header(String wanted) {
      return headers.stream().filter(h -> h.name().equals(wanted)).map(Header::value).findFirst();
    }
  }

  private static final int LARGEST_MESSAGE = 100 * 1024 * 1024;
  private static final int SWEEP_MILLIS = 100;
  private static final int CLOSE_SECONDS = 30;

  private final StandInSettings settings;
  private final Path home;
  private final Faults faults = new Faults();
  private final List<Call> noted = new ArrayList<>();
  private final Connections controlConnections = new Connections();
  private final Connections routerConnections = new Connections();
  private final Tokens controlTokens;
  private final Tokens routerTokens;
  private final Images images;
  private final Sandboxes sandboxes;
  private final Tunnels tunnels;
  // Never shut down: it owns no threads, and late news of broken streams still go through it.
  private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
  private final ScheduledExecutorService sweeper =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("stand-in-sweeper").factory());
  private final NioEventLoopGroup loops = new NioEventLoopGroup(2);
  private final Server router;
  private final Server control;
  private boolean closed;

  private StandIn(StandInSettings settings) throws IOException {
    this.settings = settings;
    this.home = Files.createTempDirectory("stand-in");
    InstantSource clock = InstantSource.system();
    this.controlTokens = new Tokens(clock, settings.controlTokenLifetime());
    this.routerTokens = new Tokens(clock, settings.routerTokenLifetime());
    this.images = new Images(home, settings, faults);
    this.sandboxes = new Sandboxes(home, settings, clock);
    this.tunnels = new Tunnels(settings.host());
    Secrets secrets = new Secrets();
    CommandRouter commands =
        new CommandRouter(
            sandboxes, secrets, images, routerTokens, faults, routerConnections, clock);
    this.router = serve(commands.service(), (call, headers) -> Optional.empty(), routerConnections);
    Apps apps = new Apps(settings);
    ControlPlane plane =
        new ControlPlane(
            settings,
            controlTokens,
            apps,
            images,
            secrets,
            new SandboxCalls(
                sandboxes,
                apps,
                images,
                secrets,
                tunnels,
                routerTokens,
                "https://" + settings.host() + ":" + router.getPort(),
                settings.pageSize()));
    this.control = serve(plane.service(), plane::guard, controlConnections);
    var unused =
        sweeper.scheduleWithFixedDelay(
            sandboxes::endOverdue, SWEEP_MILLIS, SWEEP_MILLIS, TimeUnit.MILLISECONDS);
  }

  /** Starts both servers at free ports. */
  public static StandIn start(StandInSettings settings) throws IOException {
    return new StandIn(settings);
  }

  private Server serve(
      ServerServiceDefinition service,
      BiFunction<String, Metadata, Optional<Status>> guard,
      Connections connections)
      throws IOException {
    NettyServerBuilder builder =
        NettyServerBuilder.forAddress(new InetSocketAddress(settings.host(), 0))
            .channelFactory(connections::listener)
            .bossEventLoopGroup(loops)
            .workerEventLoopGroup(loops)
            .executor(executor)
            .maxConcurrentCallsPerConnection(settings.maxStreams())
            .maxInboundMessageSize(LARGEST_MESSAGE)
            .permitKeepAliveTime(5, TimeUnit.SECONDS)
            .permitKeepAliveWithoutCalls(true)
            .intercept(new Gate(guard, faults, noted))
            .addService(service);
    if (settings.tls()) {
      Certificate certificate = Certificate.get();
      builder.sslContext(
          GrpcSslContexts.configure(
                  SslContextBuilder.forServer(certificate.key(), certificate.certificate()))
              .build());
    }
    return builder.build().start();
  }

  /** Where the control plane is: what {@code MODAL_SERVER_URL} shall be. */
  public URI serverUrl() {
    return URI.create(
        (settings.tls() ? "https://" : "http://") + settings.host() + ":" + control.getPort());
  }

  /** How it was started. */
  public StandInSettings settings() {
    return settings;
  }

  /** What shall go wrong. */
  public Faults faults() {
    return faults;
  }

  /** The calls that arrived so far, in order; the first 100 000 of them. */
  public List<Call> calls() {
    synchronized (noted) {
      return List.copyOf(noted);
    }
  }

  /** How many calls of this name arrived. */
  public long calls(String name) {
    return calls().stream().filter(c -> c.name().equals(name)).count();
  }

  /** How many images were built. */
  public int builds() {
    return images.builds();
  }

  /** How many connections the command router has. */
  public int routerConnections() {
    return routerConnections.count();
  }

  /** The ids of running sandboxes, newest first. */
  public List<String> running() {
    return sandboxes.all().stream()
        .filter(LocalSandbox::isRunning)
        .map(s -> s.identity().id())
        .toList();
  }

  /** What a sandbox was ordered to be. */
  public Sandbox definition(String sandboxId) {
    return find(sandboxId).identity().definition();
  }

  /** A sandbox's root folder on this machine. */
  public Path root(String sandboxId) {
    return find(sandboxId).machine().root();
  }

  /** Ends a sandbox from the server's side, as by a time limit or an eviction. */
  public void end(String sandboxId, GenericStatus how) {
    find(sandboxId).end(Sandboxes.result(how, 137));
  }

  /** A sandbox's worker disappears: the sandbox has ended and the router knows nothing of it. */
  public void lose(String sandboxId) {
    LocalSandbox sandbox = find(sandboxId);
    sandbox.lose();
    sandbox.end(Sandboxes.result(GenericStatus.GENERIC_STATUS_INTERNAL_FAILURE, 1));
  }

  /** Tokens of the control plane that were given out are refused from now on. */
  public void revokeControlTokens() {
    controlTokens.revokeAll();
  }

  /** Tokens of the command router that were given out are refused from now on. */
  public void revokeRouterTokens() {
    routerTokens.revokeAll();
  }

  /** Breaks all connections. */
  public void dropConnections() throws InterruptedException {
    controlConnections.closeAll();
    routerConnections.closeAll();
  }

  private LocalSandbox find(String sandboxId) {
    return sandboxes.all().stream()
        .filter(s -> s.identity().id().equals(sandboxId))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("No sandbox " + sandboxId));
  }

  @Override
  public synchronized void close() throws IOException {
    if (closed) {
      return;
    }
    closed = true;
    faults.releaseBuilds();
    sweeper.shutdownNow();
    control.shutdownNow();
    router.shutdownNow();
    sandboxes.close();
    tunnels.close();
    try {
      control.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS);
      router.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    try (Stream<Path> files = Files.walk(home)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
