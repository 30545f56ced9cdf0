// SPDX-License-Identifier: MIT

package io.agentruntime.app.gateway.engine;

import io.agentruntime.app.gateway.protocol.EncodedPacket;
import io.agentruntime.app.gateway.protocol.EnginePacket;
import io.agentruntime.app.gateway.protocol.EnginePacketType;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client's connection, over whatever transport it uses at the moment.
 *
 * <p>Thread-safe; no method blocks but {@link #awaitDrained}. Packets go out in the order in which
 * they were sent. A closed connection stays closed.
 */
public final class EngineConnection {
  /** What the server wants to know of a connection. */
  interface Observer {
    void noLongerPending();

    void closed(EngineConnection connection, DisconnectReason reason);
  }

  private static final Logger LOG = LoggerFactory.getLogger(EngineConnection.class);
  private static final EncodedPacket PING = EncodedPacket.of(EnginePacketType.PING, "");

  private final String sid;
  private final long number;
  private final EngineRequest request;
  private final GatewayOptions options;
  private final Timer timer;
  private final Observer observer;

  private final Outbox outbox;
  private final Inbox inbox;
  private final Heartbeat heartbeat;
  private final Transports transports;

  private final AtomicBoolean posting = new AtomicBoolean();
  private final AtomicBoolean pending = new AtomicBoolean(true);
  private final AtomicReference<@Nullable DisconnectReason> closing = new AtomicReference<>();
  private final AtomicReference<@Nullable DisconnectReason> closed = new AtomicReference<>();
  private volatile @Nullable EngineListener listener;
  private volatile Timer.@Nullable Pending closeTimeout;

  EngineConnection(
      String sid,
      long number,
      EngineRequest request,
      GatewayOptions options,
      Timer timer,
      Executor threads,
      Observer observer) {
    this.sid = sid;
    this.number = number;
    this.request = request;
    this.options = options;
    this.timer = timer;
    this.observer = observer;
    this.outbox = new Outbox(options.outboxBytes(), options.outboxPackets());
    this.inbox = new Inbox(threads, options, this::failed);
    this.heartbeat =
        new Heartbeat(
            timer,
            options.pingInterval(),
            options.pingTimeout(),
            () -> send(PING),
            () -> close(DisconnectReason.PING_TIMEOUT));
    this.transports = new Transports(outbox, options, timer, this::drained);
  }

  /** The session id: whoever knows it can act for the client, so it is for the wire alone. */
  String sid() {
    return sid;
  }

  /** Tells connections apart in logs. */
  public long number() {
    return number;
  }

  /** The request this connection began with. */
  public EngineRequest request() {
    return request;
  }

  /** Whether the client polls at the moment, rather than using a WebSocket. */
  public boolean isPolling() {
    return transports.isPolling();
  }

  boolean hasOpenPoll() {
    return transports.polls().isOpen();
  }

  /**
   * Sends a packet. Never blocks: if the client does not keep up and the outbox is full, the
   * connection is closed with {@link DisconnectReason#SLOW_CONSUMER}.
   *
   * @return false if the packet will not be sent, because the connection is or was now closed
   */
  public boolean send(EncodedPacket packet) {
    return switch (outbox.offer(packet)) {
      case TAKEN -> {
        transports.wake();
        yield true;
      }
      case FULL -> {
        close(DisconnectReason.SLOW_CONSUMER);
        yield false;
      }
      case CLOSED -> false;
    };
  }

  /**
   * Waits until at least half of the outbox is free: for senders of more than fits into it.
   *
   * @return false if that took longer than the deadline, or if the connection is closed
   */
  public boolean awaitDrained(Duration deadline) throws InterruptedException {
    return outbox.awaitDrained(deadline);
  }

  /** What waits to be sent, in bytes of memory. */
  public long outboxBytes() {
    return outbox.bytes();
  }

  /** Says that the client has shown who it is: it no longer counts as pending. Idempotent. */
  public void markEstablished() {
    if (pending.compareAndSet(true, false)) {
      observer.noLongerPending();
    }
  }

  /** Runs a task in order with this connection's messages; not at all once it is closed. */
  public void execute(Runnable task) {
    inbox.add(task);
  }

  /**
   * Runs a task later, in order with this connection's messages.
   *
   * @return what forgets the task if it has not run yet
   */
  public Runnable after(Duration delay, Runnable task) {
    return timer.after(delay, () -> execute(task))::cancel;
  }

  /** Closes once the client has been sent what is in the outbox, or could not be in time. */
  public void closeAfterSending(DisconnectReason reason) {
    if (closing.compareAndSet(null, reason)) {
      closeTimeout = timer.after(options.closeTimeout(), this::drained);
      transports.seal();
    }
  }

  private void drained() {
    DisconnectReason reason = closing.get();
    if (reason != null) {
      close(reason);
    }
  }

  /** Closes now: what was not sent is forgotten. Idempotent; the first reason counts. */
  public void close(DisconnectReason reason) {
    if (!closed.compareAndSet(null, reason)) {
      return;
    }
    LOG.debug("Connection {} closes: {}", number, reason.text());
    heartbeat.stop();
    Timer.Pending timeout = closeTimeout;
    if (timeout != null) {
      timeout.cancel();
    }
    try {
      transports.close(reason);
    } finally {
      markEstablished();
      observer.closed(this, reason);
      inbox.finish(() -> tellEnd(reason));
    }
  }

  private void tellEnd(DisconnectReason reason) {
    EngineListener to = listener;
    if (to != null) {
      to.onClose(reason);
    }
  }

  /** Begins. Must be called once, before the client knows of this connection. */
  void open(EngineListener to, @Nullable WebSocketLink link) {
    listener = to;
    if (link != null) {
      transports.startWith(link);
    }
    heartbeat.start();
  }

  /** Takes a poll; null if it is or will be answered. */
  @Nullable EngineError poll(PollExchange exchange) {
    return switch (transports.polls().offer(exchange)) {
      case ACCEPTED -> null;
      case CLOSED -> EngineError.UNKNOWN_SESSION;
      case RETIRED -> EngineError.BAD_REQUEST;
      case OVERLAPS -> {
        close(DisconnectReason.TRANSPORT_ERROR);
        yield EngineError.BAD_REQUEST;
      }
    };
  }

  /** Says that the client gave up a poll: answers to it are lost, so the connection is too. */
  void abandon(PollExchange exchange) {
    if (transports.polls().abandon(exchange)) {
      close(DisconnectReason.TRANSPORT_CLOSED);
    }
  }

  /** Announces a body of packets; false, and the end, if another is still being read. */
  boolean beginPost() {
    if (posting.compareAndSet(false, true)) {
      return true;
    }
    close(DisconnectReason.TRANSPORT_ERROR);
    return false;
  }

  void endPost() {
    posting.set(false);
  }

  /** Takes a WebSocket for the change to it; false if this connection wants none. */
  boolean offer(WebSocketLink link) {
    return transports.offer(link);
  }

  /** Takes a packet that came over a WebSocket. */
  void receive(WebSocketLink link, EnginePacket packet) {
    if (transports.receive(link, packet)) {
      receive(packet);
    }
  }

  /** Says that a WebSocket does not work: ends it, and the connection if it depends on it. */
  void fail(WebSocketLink link, DisconnectReason reason) {
    if (transports.lost(link)) {
      close(reason);
    } else {
      link.close(reason);
    }
  }

  /** Says that a WebSocket is gone. */
  void lost(WebSocketLink link) {
    if (transports.lost(link)) {
      close(DisconnectReason.TRANSPORT_CLOSED);
    }
  }

  /**
   * Takes a packet.
   *
   * @return false if it broke a rule and the connection is closed for it
   */
  boolean receive(EnginePacket packet) {
    return switch (packet) {
      case EnginePacket.Binary binary ->
          handle(binary.data().length, to -> to.onBinary(binary.data()));
      case EnginePacket.Text text ->
          switch (text.type()) {
            case MESSAGE -> {
              int size = text.data().length();
              yield handle(size, to -> to.onText(text.data()));
            }
            case PONG -> {
              heartbeat.pong();
              yield true;
            }
            case CLOSE -> {
              close(DisconnectReason.TRANSPORT_CLOSED);
              yield true;
            }
            case PING, OPEN -> {
              // Servers ping and open, clients do not.
              close(DisconnectReason.TRANSPORT_ERROR);
              yield false;
            }
            case UPGRADE, NOOP -> true;
          };
    };
  }

  private boolean handle(int size, Consumer<EngineListener> handling) {
    EngineListener to = listener;
    if (to == null) {
      return true;
    }
    DisconnectReason refusal = inbox.offer(size, () -> handling.accept(to));
    if (refusal != null) {
      close(refusal);
    }
    return refusal == null;
  }

  private void failed(Throwable failure) {
    LOG.error("Connection {}: a message could not be handled", number, failure);
    close(DisconnectReason.INTERNAL_ERROR);
  }

  @Override
  public String toString() {
    return "EngineConnection[number=" + number + "]";
  }
}
