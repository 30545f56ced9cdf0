// SPDX-License-Identifier: MIT

package io.agentruntime.app.gateway.engine;

import io.agentruntime.app.gateway.protocol.EncodedPacket;
import io.agentruntime.app.gateway.protocol.EnginePacket;
import io.agentruntime.app.gateway.protocol.EnginePacketType;
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
  private static final String PROBE = "probe";
  private static final EncodedPacket PROBE_ANSWER = EncodedPacket.of(EnginePacketType.PONG, PROBE);

  /** How long a poll may stay open during an upgrade, which waits for its end. */
  private static final Duration PROBE_PACE = Duration.ofMillis(100);

  private enum Step {
    PROBED,
    UPGRADED,
    REJECTED
  }

  private final Outbox outbox;
  private final Timer timer;
  private final Duration upgradeTimeout;
  private final Runnable onDrained;
  private final PollSlot polls;

  private final ReentrantLock lock = new ReentrantLock();
  private volatile @Nullable WebSocketLink socket;
  private volatile boolean sealed;
  private @Nullable WebSocketLink candidate;
  private boolean probed;
  private Timer.@Nullable Pending candidateTimeout;
  private Timer.@Nullable Pending pollEnd;
  private boolean closed;

  /**
   * Creates transports of a connection that polls.
   *
   * @param onDrained called after {@link #seal()} as soon as everything is on its way
   */
  Transports(Outbox outbox, GatewayOptions options, Timer timer, Runnable onDrained) {
    this.outbox = outbox;
    this.upgradeTimeout = options.upgradeTimeout();
    this.timer = timer;
    this.onDrained = onDrained;
    this.polls = new PollSlot(outbox, options.maxPayload(), timer, onDrained);
  }

  /** Makes this a connection that uses a WebSocket from the start. */
  void startWith(WebSocketLink link) {
    socket = link;
    polls.retire();
    link.start(this);
  }

  boolean isPolling() {
    return socket == null;
  }

  PollSlot polls() {
    return polls;
  }

  /** Says that the outbox may have packets. */
  void wake() {
    WebSocketLink link = socket;
    if (link != null) {
      link.wake();
    } else {
      polls.wake();
    }
  }

  @Override
  public @Nullable EncodedPacket next() {
    EncodedPacket packet = outbox.poll();
    if (packet == null && sealed) {
      onDrained.run();
    }
    return packet;
  }

  /** Sends what is in the outbox, and then says so. */
  void seal() {
    outbox.seal();
    sealed = true;
    polls.seal();
    wake();
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
    Step step;
    lock.lock();
    try {
      if (link == socket) {
        return true;
      }
      if (link != candidate) {
        return false;
      }
      step = step(link, packet);
    } finally {
      lock.unlock();
    }
    switch (step) {
      case PROBED -> link.write(PROBE_ANSWER);
      case REJECTED -> link.close(DisconnectReason.TRANSPORT_ERROR);
      case UPGRADED -> {
        polls.retire();
        link.start(this);
      }
    }
    return false;
  }

  private Step step(WebSocketLink link, EnginePacket packet) {
    EnginePacketType type = packet instanceof EnginePacket.Text text ? text.type() : null;
    if (type == EnginePacketType.PING && ((EnginePacket.Text) packet).data().equals(PROBE)) {
      probed = true;
      schedulePollEnd(link);
      return Step.PROBED;
    }
    boolean upgraded = probed && type == EnginePacketType.UPGRADE;
    clearCandidate();
    if (!upgraded) {
      return Step.REJECTED;
    }
    socket = link;
    return Step.UPGRADED;
  }

  /** Ends the open poll soon, and any that comes meanwhile, so that the client can go on. */
  private void schedulePollEnd(WebSocketLink link) {
    if (pollEnd != null) {
      pollEnd.cancel();
    }
    pollEnd = timer.after(PROBE_PACE, () -> endPoll(link));
  }

  private void endPoll(WebSocketLink link) {
    lock.lock();
    try {
      if (candidate != link) {
        return;
      }
      schedulePollEnd(link);
    } finally {
      lock.unlock();
    }
    polls.release();
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
    }
    if (pollEnd != null) {
      pollEnd.cancel();
    }
  }

  /** Ends all transports and forgets what was to be sent. */
  void close(DisconnectReason reason) {
    WebSocketLink next;
    lock.lock();
    try {
      closed = true;
      next = candidate;
      clearCandidate();
    } finally {
      lock.unlock();
    }
    outbox.clear();
    polls.close(reason);
    WebSocketLink current = socket;
    if (current != null) {
      current.close(reason);
    }
    if (next != null) {
      next.close(reason);
    }
  }
}
