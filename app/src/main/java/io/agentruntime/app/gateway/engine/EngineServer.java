// SPDX-License-Identifier: MIT

package io.agentruntime.app.gateway.engine;

import io.agentruntime.app.gateway.protocol.EncodedPacket;
import io.agentruntime.app.gateway.protocol.EngineHandshake;
import io.micronaut.context.annotation.Context;
import io.micronaut.context.annotation.Requires;
import jakarta.annotation.PreDestroy;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All Engine.IO connections of this process. Thread-safe.
 *
 * <p>The transports find it through the bean context; what the messages mean is up to the {@link
 * EngineHandler}, without which there is no gateway.
 */
// Made at the start, so that wrong settings do not wait for the first client.
@Context
@Requires(beans = EngineHandler.class)
public final class EngineServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(EngineServer.class);
  private static final Duration STOP_DEADLINE = Duration.ofSeconds(5);
  private static final int SID_BYTES = 15;

  private final GatewayOptions options;
  private final EngineHandler handler;
  private final SecureRandom random = new SecureRandom();
  private final ThreadTimer timer = new ThreadTimer();
  private final ExecutorService threads =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("gateway-", 0).factory());

  private final Map<String, EngineConnection> connections = new ConcurrentHashMap<>();
  private final AtomicInteger open = new AtomicInteger();
  private final AtomicInteger pending = new AtomicInteger();
  private final AtomicLong opened = new AtomicLong();
  private final LongAdder refused = new LongAdder();
  private final Map<DisconnectReason, LongAdder> closed = new ConcurrentHashMap<>();
  private volatile boolean stopped;

  private final EngineConnection.Observer observer =
      new EngineConnection.Observer() {
        @Override
        public void noLongerPending() {
          pending.decrementAndGet();
        }

        @Override
        public void closed(EngineConnection connection, DisconnectReason reason) {
          // Counted first: whoever no longer finds it finds it among those that were closed.
          closed.computeIfAbsent(reason, r -> new LongAdder()).increment();
          open.decrementAndGet();
          connections.remove(connection.sid());
        }
      };

  /** Creates the server; it answers once the HTTP server runs. */
  public EngineServer(GatewayOptions options, EngineHandler handler) {
    this.options = options;
    this.handler = handler;
  }

  /** Figures of this moment. */
  public GatewayStats stats() {
    Map<DisconnectReason, Long> reasons = new EnumMap<>(DisconnectReason.class);
    closed.forEach((reason, count) -> reasons.put(reason, count.sum()));
    return new GatewayStats(open.get(), pending.get(), opened.get(), refused.sum(), reasons);
  }

  GatewayOptions options() {
    return options;
  }

  Optional<EngineConnection> find(String sid) {
    return Optional.ofNullable(connections.get(sid));
  }

  /** Whether a new connection would be refused at this moment. */
  boolean isFull() {
    return stopped
        || open.get() >= options.maxConnections()
        || pending.get() >= options.maxPending();
  }

  /**
   * Opens a connection whose client polls.
   *
   * @return the handshake; null if there are too many connections
   */
  @Nullable EncodedPacket openPolling(EngineRequest request) {
    EngineConnection connection = register(request);
    if (connection == null) {
      return null;
    }
    connection.open(listener(connection), null);
    return handshake(connection, true);
  }

  /**
   * Opens a connection over a WebSocket, and sends the handshake.
   *
   * @return null if there are too many connections
   */
  @Nullable EngineConnection openWebSocket(EngineRequest request, WebSocketLink link) {
    EngineConnection connection = register(request);
    if (connection != null) {
      link.write(handshake(connection, false));
      connection.open(listener(connection), link);
    }
    return connection;
  }

  private EncodedPacket handshake(EngineConnection connection, boolean upgrade) {
    return new EngineHandshake(
            connection.sid(),
            upgrade,
            options.pingInterval(),
            options.pingTimeout(),
            options.maxPayload())
        .encode();
  }

  private EngineListener listener(EngineConnection connection) {
    try {
      return handler.open(connection);
    } catch (RuntimeException e) {
      connection.close(DisconnectReason.INTERNAL_ERROR);
      throw e;
    }
  }

  private @Nullable EngineConnection register(EngineRequest request) {
    if (!reserve()) {
      refused.increment();
      return null;
    }
    long number = opened.incrementAndGet();
    EngineConnection connection =
        new EngineConnection(newSid(), number, request, options, timer, threads, observer);
    connections.put(connection.sid(), connection);
    if (stopped) {
      // It may have come too late to be seen by close().
      connection.close(DisconnectReason.SERVER_SHUTDOWN);
    }
    return connection;
  }

  private boolean reserve() {
    if (stopped) {
      return false;
    }
    if (open.incrementAndGet() > options.maxConnections()) {
      open.decrementAndGet();
      return false;
    }
    if (pending.incrementAndGet() > options.maxPending()) {
      pending.decrementAndGet();
      open.decrementAndGet();
      return false;
    }
    return true;
  }

  private String newSid() {
    byte[] bytes = new byte[SID_BYTES];
    random.nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  /**
   * Refuses new connections, closes all others and waits, for some seconds at most, until their
   * listeners were told. Idempotent.
   */
  @Override
  @PreDestroy
  public void close() {
    stopped = true;
    connections.values().forEach(c -> c.close(DisconnectReason.SERVER_SHUTDOWN));
    timer.close();
    threads.shutdown();
    try {
      if (!threads.awaitTermination(STOP_DEADLINE.toMillis(), TimeUnit.MILLISECONDS)) {
        LOG.warn("Some socket handlers did not end within {}: interrupting them", STOP_DEADLINE);
        threads.shutdownNow();
      }
    } catch (InterruptedException e) {
      threads.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }
}
