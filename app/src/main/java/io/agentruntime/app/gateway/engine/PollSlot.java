// SPDX-License-Identifier: MIT

package io.agentruntime.app.gateway.engine;

import io.agentruntime.app.gateway.protocol.EncodedPacket;
import io.agentruntime.app.gateway.protocol.EnginePacketType;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The one poll that a client may have open, answered from the outbox. Thread-safe; nothing here
 * blocks.
 */
final class PollSlot {
  /** What became of a poll. */
  enum Poll {
    /** It will be answered. */
    ACCEPTED,
    /** Another one is open. */
    OVERLAPS,
    /** The connection uses a WebSocket. */
    RETIRED,
    CLOSED
  }

  private static final byte[] NOOP = EncodedPacket.of(EnginePacketType.NOOP, "").head();
  private static final byte[] CLOSE = EncodedPacket.of(EnginePacketType.CLOSE, "").head();

  /** How long a poll waits for what comes right after the first packet: a poll costs much more. */
  private static final Duration LINGER = Duration.ofMillis(5);

  private final Outbox outbox;
  private final int maxPayload;
  private final Timer timer;
  private final Runnable onDrained;

  private final ReentrantLock lock = new ReentrantLock();
  private Poll next = Poll.ACCEPTED;
  private @Nullable PollExchange open;
  private boolean answering;
  private boolean sealed;

  /**
   * Creates an empty slot.
   *
   * @param onDrained called when a client has been told, after {@link #seal}, that all is over
   */
  PollSlot(Outbox outbox, int maxPayload, Timer timer, Runnable onDrained) {
    this.outbox = outbox;
    this.maxPayload = maxPayload;
    this.timer = timer;
    this.onDrained = onDrained;
  }

  boolean isOpen() {
    lock.lock();
    try {
      return open != null;
    } finally {
      lock.unlock();
    }
  }

  /** Takes a poll; it is answered as soon as there is something to say. */
  Poll offer(PollExchange exchange) {
    lock.lock();
    try {
      if (next == Poll.ACCEPTED) {
        if (open != null) {
          return Poll.OVERLAPS;
        }
        open = exchange;
        answerSoon();
      }
      return next;
    } finally {
      lock.unlock();
    }
  }

  /** Whether this was the open poll; it is no longer. */
  boolean abandon(PollExchange exchange) {
    lock.lock();
    try {
      if (open != exchange) {
        return false;
      }
      open = null;
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Says that the outbox may have packets. */
  void wake() {
    lock.lock();
    try {
      answerSoon();
    } finally {
      lock.unlock();
    }
  }

  /** From here on a poll is told to close once the outbox is empty. */
  void seal() {
    lock.lock();
    try {
      sealed = true;
      answerSoon();
    } finally {
      lock.unlock();
    }
  }

  private void answerSoon() {
    if (open != null && !answering && (sealed || !outbox.isEmpty())) {
      answering = true;
      timer.after(LINGER, this::answer);
    }
  }

  private void answer() {
    PollExchange exchange;
    byte[] payload;
    lock.lock();
    try {
      answering = false;
      exchange = open;
      boolean empty = outbox.isEmpty();
      if (exchange == null || (empty && !sealed)) {
        return;
      }
      open = null;
      // Never both: the official client would close before it looks at the packets.
      payload = empty ? CLOSE : outbox.pollPayload(maxPayload);
    } finally {
      lock.unlock();
    }
    exchange.answer(payload);
    if (payload == CLOSE) {
      onDrained.run();
    }
  }

  /** Ends the open poll, if there is one, with nothing said. */
  void release() {
    PollExchange exchange = take(Poll.ACCEPTED);
    if (exchange != null) {
      exchange.answer(NOOP);
    }
  }

  /** Polling is over, since the client has gone on to a WebSocket. */
  void retire() {
    PollExchange exchange = take(Poll.RETIRED);
    if (exchange != null) {
      // A client goes on only when its last poll has ended.
      exchange.refuse(EngineError.BAD_REQUEST);
    }
  }

  /** The connection is over. */
  void close(DisconnectReason reason) {
    PollExchange exchange = take(Poll.CLOSED);
    if (exchange != null) {
      // To a client that has said good-bye itself, the end of its poll says nothing new.
      exchange.answer(reason == DisconnectReason.TRANSPORT_CLOSED ? NOOP : CLOSE);
    }
  }

  private @Nullable PollExchange take(Poll later) {
    lock.lock();
    try {
      PollExchange exchange = open;
      open = null;
      if (next != Poll.CLOSED) {
        next = later == Poll.ACCEPTED ? next : later;
      }
      return exchange;
    } finally {
      lock.unlock();
    }
  }
}
