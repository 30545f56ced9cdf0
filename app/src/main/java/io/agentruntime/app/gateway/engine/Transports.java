package io.agentruntime.app.gateway.engine;

import io.agentruntime.app.gateway.protocol.EncodedPacket;
import io.agentruntime.app.gateway.protocol.EngineCodec;
import io.agentruntime.app.gateway.protocol.EnginePacket;
import io.agentruntime.app.gateway.protocol.EnginePacketType;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * How one connection's packets get out: by polls or over a WebSocket, and the change from the one
 * to the other. Thread-safe; nothing here blocks.
 *
 * <p>It owns the sending side of the outbox: only the current transport takes from it.
 */
final class Transports implements OutboundSource {
  /** What became of a poll. */
  enum Poll {
    /** It is or will be answered. */
    ACCEPTED,
    /** Another poll is open. */
    OVERLAPS,
    /** The connection uses a WebSocket. */
    NOT_POLLING,
    CLOSED
  }

  private static final String PROBE = "probe";
  private static final EncodedPacket PROBE_ANSWER = EncodedPacket.of(EnginePacketType.PONG, PROBE);
  private static final byte[] NOOP = EncodedPacket.of(EnginePacketType.NOOP, "").head();
  private static final byte[] CLOSE = EncodedPacket.of(EnginePacketType.CLOSE, "").head();

  /** How long a poll may stay open during an upgrade, which waits for its end. */
  private static final Duration PROBE_PACE = Duration.ofMillis(100);

  private final Outbox outbox;
  private final int maxPayload;
  private final Timer timer;
  private final Duration upgradeTimeout;
  private final Runnable onDrained;

  private final ReentrantLock lock = new ReentrantLock();
  private @Nullable WebSocketLink socket;
  private @Nullable WebSocketLink candidate;
  private Timer.@Nullable Pending candidateTimeout;
  private boolean probed;
  private Timer.@Nullable Pending pollEnd;
  private @Nullable PollExchange poll;
  private boolean sealed;
  private boolean closed;

  /**
   * Creates transports of a connection that polls.
   *
   * @param onDrained called after {@link #seal()} as soon as everything is on its way
   */
  Transports(Outbox outbox, GatewayOptions options, Timer timer, Runnable onDrained) {
    this.outbox = outbox;
    this.maxPayload = options.maxPayload();
    this.upgradeTimeout = options.upgradeTimeout();
    this.timer = timer;
    this.onDrained = onDrained;
  }

  /** Makes this a connection that uses a WebSocket from the start. */
  void startWith(WebSocketLink link) {
    lock.lock();
    try {
      socket = link;
    } finally {
      lock.unlock();
    }
    link.start(this);
  }

  boolean isPolling() {
    lock.lock();
    try {
      return socket == null;
    } finally {
      lock.unlock();
    }
  }

  /** Takes a poll, and answers it at once if there is anything to say. */
  Poll poll(PollExchange exchange) {
    byte[] answer;
    lock.lock();
    try {
      if (closed) {
        return Poll.CLOSED;
      }
      if (socket != null) {
        return Poll.NOT_POLLING;
      }
      if (poll != null) {
        return Poll.OVERLAPS;
      }
      answer = answer();
      if (answer == null) {
        poll = exchange;
        return Poll.ACCEPTED;
      }
    } finally {
      lock.unlock();
    }
    exchange.answer(answer);
    finishIfDrained();
    return Poll.ACCEPTED;
  }

  /** Whether this was the open poll; it is no longer. */
  boolean abandon(PollExchange exchange) {
    lock.lock();
    try {
      boolean open = poll == exchange;
      if (open) {
        poll = null;
      }
      return open;
    } finally {
      lock.unlock();
    }
  }

  /** Says that the outbox may have packets, or was sealed. */
  void wake() {
    WebSocketLink link;
    PollExchange exchange = null;
    byte[] answer = null;
    lock.lock();
    try {
      link = socket;
      if (link == null && poll != null) {
        answer = answer();
        if (answer != null) {
          exchange = poll;
          poll = null;
        }
      }
    } finally {
      lock.unlock();
    }
    if (link != null) {
      link.wake();
    } else if (exchange != null && answer != null) {
      exchange.answer(answer);
      finishIfDrained();
    }
  }

  /** What a poll is to be answered with now; null if nothing. */
  private byte @Nullable [] answer() {
    boolean empty = outbox.isEmpty();
    if (sealed) {
      return empty ? CLOSE : withClose(outbox.pollPayload(maxPayload));
    }
    return empty ? null : outbox.pollPayload(maxPayload);
  }

  private byte[] withClose(byte[] payload) {
    if (!outbox.isEmpty()) {
      return payload;
    }
    ByteArrayOutputStream closing = new ByteArrayOutputStream(payload.length + 2);
    closing.writeBytes(payload);
    closing.write(EngineCodec.SEPARATOR);
    closing.writeBytes(CLOSE);
    return closing.toByteArray();
  }

  @Override
  public @Nullable EncodedPacket next() {
    EncodedPacket packet = outbox.poll();
    if (packet == null) {
      finishIfDrained();
    }
    return packet;
  }

  /** Sends what is in the outbox, and then says so. */
  void seal() {
    lock.lock();
    try {
      sealed = true;
    } finally {
      lock.unlock();
    }
    outbox.seal();
    wake();
  }

  private void finishIfDrained() {
    boolean finished;
    lock.lock();
    try {
      finished = sealed && !closed && outbox.isEmpty();
    } finally {
      lock.unlock();
    }
    if (finished) {
      onDrained.run();
    }
  }

  /** Takes a WebSocket that may replace polling; false if this connection wants none. */
  boolean offer(WebSocketLink link) {
    lock.lock();
    try {
      if (closed || sealed || socket != null || candidate != null) {
        return false;
      }
      candidate = link;
      candidateTimeout = timer.after(upgradeTimeout, () -> rejectCandidate(link));
      return true;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Takes a packet of a WebSocket, as far as it concerns the change of transports.
   *
   * @return whether the packet is one of the current transport, left to the caller
   */
  boolean receive(WebSocketLink link, EnginePacket packet) {
    boolean probing = false;
    boolean upgraded = false;
    PollExchange exchange = null;
    lock.lock();
    try {
      if (link == socket) {
        return true;
      }
      if (link != candidate) {
        return false;
      }
      if (isProbe(packet)) {
        probing = true;
        probed = true;
        schedulePollEnd(link);
      } else {
        upgraded = probed && isUpgrade(packet);
        clearCandidate();
      }
      if (upgraded) {
        socket = link;
        exchange = poll;
        poll = null;
      }
    } finally {
      lock.unlock();
    }
    if (probing) {
      link.write(PROBE_ANSWER);
    } else if (upgraded) {
      link.start(this);
    } else {
      link.close(DisconnectReason.TRANSPORT_ERROR);
    }
    if (exchange != null) {
      // A client upgrades only when its last poll has ended.
      exchange.refuse(EngineError.BAD_REQUEST);
    }
    return false;
  }

  /** Ends the open poll soon, and any that comes meanwhile, so that the client can go on. */
  private void schedulePollEnd(WebSocketLink link) {
    if (pollEnd != null) {
      pollEnd.cancel();
    }
    pollEnd = timer.after(PROBE_PACE, () -> endPoll(link));
  }

  private void endPoll(WebSocketLink link) {
    PollExchange exchange;
    lock.lock();
    try {
      if (candidate != link) {
        return;
      }
      exchange = poll;
      poll = null;
      schedulePollEnd(link);
    } finally {
      lock.unlock();
    }
    if (exchange != null) {
      exchange.answer(NOOP);
    }
  }

  private static boolean isProbe(EnginePacket packet) {
    return packet instanceof EnginePacket.Text text
        && text.type() == EnginePacketType.PING
        && text.data().equals(PROBE);
  }

  private static boolean isUpgrade(EnginePacket packet) {
    return packet instanceof EnginePacket.Text text && text.type() == EnginePacketType.UPGRADE;
  }

  private void rejectCandidate(WebSocketLink link) {
    lock.lock();
    try {
      if (candidate != link) {
        return;
      }
      clearCandidate();
    } finally {
      lock.unlock();
    }
    link.close(DisconnectReason.TRANSPORT_ERROR);
  }

  /** Says that a WebSocket is gone; whether it was the current transport. */
  boolean lost(WebSocketLink link) {
    lock.lock();
    try {
      if (candidate == link) {
        clearCandidate();
      }
      return socket == link;
    } finally {
      lock.unlock();
    }
  }

  private void clearCandidate() {
    candidate = null;
    probed = false;
    if (candidateTimeout != null) {
      candidateTimeout.cancel();
      candidateTimeout = null;
    }
    if (pollEnd != null) {
      pollEnd.cancel();
      pollEnd = null;
    }
  }

  /** Ends all transports and forgets what was to be sent. */
  void close(DisconnectReason reason) {
    WebSocketLink current;
    WebSocketLink next;
    PollExchange exchange;
    lock.lock();
    try {
      closed = true;
      current = socket;
      next = candidate;
      exchange = poll;
      poll = null;
      clearCandidate();
    } finally {
      lock.unlock();
    }
    outbox.clear();
    if (exchange != null) {
      // To a client that has said good-bye itself, the end of its poll says nothing new.
      exchange.answer(reason == DisconnectReason.TRANSPORT_CLOSED ? NOOP : CLOSE);
    }
    if (current != null) {
      current.close(reason);
    }
    if (next != null) {
      next.close(reason);
    }
  }
}
