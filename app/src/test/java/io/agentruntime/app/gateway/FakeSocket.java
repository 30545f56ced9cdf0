// SPDX-License-Identifier: MIT

package io.agentruntime.app.gateway;

import io.agentruntime.app.gateway.engine.DisconnectReason;
import io.agentruntime.app.gateway.protocol.EncodedPacket;
import io.agentruntime.app.gateway.socketio.ConnectRequest;
import io.agentruntime.app.gateway.socketio.SocketIoSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** A socket without a connection: keeps what it is sent, and drains as it is told. */
final class FakeSocket implements SocketIoSocket {
  private final List<String> sent = new CopyOnWriteArrayList<>();
  private final AtomicReference<@Nullable DisconnectReason> dropped = new AtomicReference<>();
  private final boolean drains;

  FakeSocket(boolean drains) {
    this.drains = drains;
  }

  List<String> sent() {
    return sent;
  }

  Optional<DisconnectReason> dropped() {
    return Optional.ofNullable(dropped.get());
  }

  @Override
  public synchronized boolean send(EncodedPacket packet) {
    notifyAll();
    return isConnected() && sent.add(new String(packet.head(), StandardCharsets.UTF_8));
  }

  /** Waits until something with this text was sent. */
  synchronized void await(String text) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (sent.stream().noneMatch(packet -> packet.contains(text))) {
      long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
      if (left <= 0) {
        throw new AssertionError("'" + text + "' was not sent, but " + sent);
      }
      wait(left);
    }
  }

  @Override
  public boolean awaitDrained(Duration deadline) {
    return drains && isConnected();
  }

  @Override
  public void drop(DisconnectReason reason) {
    dropped.compareAndSet(null, reason);
  }

  @Override
  public boolean isConnected() {
    return dropped.get() == null;
  }

  @Override
  public String id() {
    return "fake";
  }

  @Override
  public String namespace() {
    return "/";
  }

  @Override
  public ConnectRequest request() {
    return new ConnectRequest("/", Map.of(), Map.of(), Map.of(), "127.0.0.1");
  }

  @Override
  public <T> T attachment(Class<T> type) {
    throw new IllegalStateException("nothing is attached");
  }

  @Override
  public CompletableFuture<List<@Nullable Object>> request(
      String name, Duration deadline, @Nullable Object... args) {
    return CompletableFuture.failedFuture(new UnsupportedOperationException("no client"));
  }

  @Override
  public boolean join(String room) {
    return false;
  }

  @Override
  public void leave(String room) {}

  @Override
  public Set<String> rooms() {
    return Set.of();
  }

  @Override
  public void disconnect() {
    drop(DisconnectReason.SERVER_LEFT);
  }
}
