// SPDX-License-Identifier: MIT

package io.agentruntime.scriptedmodel.http;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Listens on a port and gives each connection a virtual thread. Thread-safe. The caller closes it;
 * closing is idempotent, ends idle connections at once and gives running answers a moment.
 */
public final class HttpService implements AutoCloseable {

  /** What bounds the service; the idle timeout is for connections between two requests. */
  public record Limits(long maxBodyBytes, int maxConnections, Duration idleTimeout) {}

  private static final Logger LOG = System.getLogger(HttpService.class.getName());
  private static final Duration GRACE = Duration.ofMillis(500);
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final int BACKLOG = 1024;

  private final ServerSocket server;
  private final HttpHandler handler;
  private final Limits limits;
  private final Semaphore slots;
  private final Set<HttpConnection> connections = ConcurrentHashMap.newKeySet();
  private final AtomicBoolean closed = new AtomicBoolean();
  private final ExecutorService threads =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("scripted-model-", 0).factory());

  private HttpService(ServerSocket server, HttpHandler handler, Limits limits) {
    this.server = server;
    this.handler = handler;
    this.limits = limits;
    this.slots = new Semaphore(limits.maxConnections());
  }

  /**
   * Binds and starts to accept.
   *
   * @throws IOException when the address cannot be bound
   */
  @SuppressWarnings("FutureReturnValueIgnored") // accept() handles what it meets
  public static HttpService start(InetAddress address, int port, Limits limits, HttpHandler handler)
      throws IOException {
    ServerSocket server = new ServerSocket();
    try {
      server.setReuseAddress(true);
      server.bind(new InetSocketAddress(address, port), BACKLOG);
    } catch (IOException e) {
      server.close();
      throw new IOException("Cannot listen on " + address.getHostAddress() + ":" + port, e);
    }
    HttpService service = new HttpService(server, handler, limits);
    service.threads.submit(service::accept);
    return service;
  }

  /** The port in use. */
  public int port() {
    return server.getLocalPort();
  }

  /** The address in use. */
  public InetAddress address() {
    return server.getInetAddress();
  }

  /** How many connections are open now. */
  public int openConnections() {
    return connections.size();
  }

  private void accept() {
    while (!closed.get()) {
      try {
        // Over the limit, callers wait in the listen backlog instead of being turned away.
        slots.acquire();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
      try {
        take(server.accept());
      } catch (IOException e) {
        slots.release();
        if (!closed.get()) {
          LOG.log(Level.WARNING, "A connection could not be accepted", e);
        }
      }
    }
  }

  @SuppressWarnings("FutureReturnValueIgnored") // a connection handles what it meets
  private void take(Socket socket) {
    HttpConnection connection = new HttpConnection(socket, handler, limits);
    connections.add(connection);
    try {
      threads.submit(() -> serve(connection));
    } catch (RejectedExecutionException e) {
      LOG.log(Level.DEBUG, "A connection came while closing", e);
      connection.close();
      connections.remove(connection);
      slots.release();
    }
  }

  private void serve(HttpConnection connection) {
    try {
      connection.run();
    } finally {
      connections.remove(connection);
      slots.release();
    }
  }

  @Override
  public void close() throws IOException {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    server.close();
    connections.forEach(HttpConnection::closeIfIdle);
    threads.shutdown();
    try {
      if (!awaitThreads(GRACE)) {
        connections.forEach(HttpConnection::close);
        threads.shutdownNow();
        if (!awaitThreads(PATIENCE)) {
          LOG.log(Level.WARNING, "Connections still run after closing: {0}", connections.size());
        }
      }
    } catch (InterruptedException e) {
      connections.forEach(HttpConnection::close);
      Thread.currentThread().interrupt();
    }
  }

  private boolean awaitThreads(Duration time) throws InterruptedException {
    return threads.awaitTermination(time.toMillis(), TimeUnit.MILLISECONDS);
  }
}
