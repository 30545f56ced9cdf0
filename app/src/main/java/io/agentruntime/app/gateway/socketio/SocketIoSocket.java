// SPDX-License-Identifier: MIT

package io.agentruntime.app.gateway.socketio;

import io.agentruntime.app.gateway.engine.DisconnectReason;
import io.agentruntime.app.gateway.protocol.EncodedPacket;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A client that joined a namespace.
 *
 * <p>Thread-safe. Packets arrive in the order in which they were sent. Nothing blocks but {@link
 * #awaitDrained}. After the end everything may still be called and does nothing.
 */
public interface SocketIoSocket {
  /** The id, which the client knows too; new with every connection. */
  String id();

  /** The namespace it joined. */
  String namespace();

  /** What the client said when it joined. */
  ConnectRequest request();

  /**
   * What the handler attached.
   *
   * @throws IllegalStateException if it attached nothing or something else
   */
  <T> T attachment(Class<T> type);

  /** Whether it still takes packets. */
  boolean isConnected();

  /**
   * Sends an event or whatever else was encoded for this namespace.
   *
   * <p>Never blocks: what the client does not take in time waits in its bounded outbox, and when
   * that is full the connection is closed with {@link DisconnectReason#SLOW_CONSUMER}.
   *
   * @return false if it will not be sent, because the socket is, or was by this call, ended
   */
  boolean send(EncodedPacket packet);

  /**
   * Sends an event that the client is to acknowledge. Do not wait for the acknowledgement in a call
   * of the handler: it comes to this connection only after that call.
   *
   * @return the acknowledgement's arguments; fails with a {@link
   *     java.util.concurrent.TimeoutException} if it does not come in time and with a {@link
   *     java.util.concurrent.CancellationException} if the socket ends or too many are open
   */
  CompletableFuture<List<@Nullable Object>> request(
      String name, Duration deadline, @Nullable Object... args);

  /**
   * Waits until at least half of the outbox is free: for senders of more than fits into it.
   *
   * @return false if that took longer than the deadline, or if the connection is closed
   */
  boolean awaitDrained(Duration deadline) throws InterruptedException;

  /**
   * Joins a room.
   *
   * @return false if it is in as many as it may be, or has ended
   */
  boolean join(String room);

  /** Leaves a room. */
  void leave(String room);

  /** The rooms it is in now. */
  Set<String> rooms();

  /**
   * Ends this socket by the server's will: the client is told, does not come back by itself, and
   * gets what was sent before. Idempotent.
   */
  void disconnect();

  /** Closes the connection below at once, for the given reason. The client may come back. */
  void drop(DisconnectReason reason);
}
