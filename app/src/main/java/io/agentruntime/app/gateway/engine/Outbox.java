// SPDX-License-Identifier: MIT

package io.agentruntime.app.gateway.engine;

import io.agentruntime.app.gateway.protocol.EncodedPacket;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What waits to be sent to one connection: bounded by bytes and by count. Thread-safe.
 *
 * <p>When full it refuses; it never blocks the sender, never drops, never grows.
 */
final class Outbox {
  /** What became of an offer. */
  enum Offer {
    TAKEN,
    FULL,
    CLOSED
  }

  private final int maxBytes;
  private final int maxPackets;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition drained = lock.newCondition();
  private final Deque<EncodedPacket> packets = new ArrayDeque<>();
  private long bytes;
  private boolean sealed;

  Outbox(int maxBytes, int maxPackets) {
    this.maxBytes = maxBytes;
    this.maxPackets = maxPackets;
  }

  Offer offer(EncodedPacket packet) {
    lock.lock();
    try {
      if (sealed) {
        return Offer.CLOSED;
      }
      boolean full = packets.size() >= maxPackets || bytes + packet.cost() > maxBytes;
      // A packet of any size fits who waited for room: otherwise it could never be sent.
      if (full && !isHalfEmpty()) {
        return Offer.FULL;
      }
      packets.addLast(packet);
      bytes += packet.cost();
      return Offer.TAKEN;
    } finally {
      lock.unlock();
    }
  }

  /** Takes the oldest packet; null if there is none. */
  @Nullable EncodedPacket poll() {
    lock.lock();
    try {
      EncodedPacket packet = packets.pollFirst();
      if (packet != null) {
        removed(packet);
      }
      return packet;
    } finally {
      lock.unlock();
    }
  }

  /** Takes as many packets as fit, but at least one, as the body of a poll's answer. */
  byte[] pollPayload(int maxLength) {
    lock.lock();
    try {
      ByteArrayOutputStream payload = new ByteArrayOutputStream();
      for (EncodedPacket next = packets.peekFirst(); next != null; next = packets.peekFirst()) {
        if (payload.size() > 0 && payload.size() + next.payloadLength() > maxLength) {
          break;
        }
        next.appendTo(payload);
        packets.removeFirst();
        removed(next);
      }
      return payload.toByteArray();
    } finally {
      lock.unlock();
    }
  }

  private void removed(EncodedPacket packet) {
    bytes -= packet.cost();
    if (isHalfEmpty()) {
      drained.signalAll();
    }
  }

  private boolean isHalfEmpty() {
    return bytes <= maxBytes / 2 && packets.size() <= maxPackets / 2;
  }

  boolean isEmpty() {
    lock.lock();
    try {
      return packets.isEmpty();
    } finally {
      lock.unlock();
    }
  }

  /** What waits, in bytes of memory. */
  long bytes() {
    lock.lock();
    try {
      return bytes;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits until at least half of the room is free.
   *
   * @return false if that took too long, or if the outbox takes nothing any more
   */
  boolean awaitDrained(Duration deadline) throws InterruptedException {
    long left = deadline.toNanos();
    lock.lockInterruptibly();
    try {
      while (!sealed && !isHalfEmpty()) {
        if (left <= 0) {
          return false;
        }
        left = drained.awaitNanos(left);
      }
      return !sealed;
    } finally {
      lock.unlock();
    }
  }

  /** Takes no more; what is there can still be sent. */
  void seal() {
    lock.lock();
    try {
      sealed = true;
      drained.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Takes no more and forgets what is there. */
  void clear() {
    lock.lock();
    try {
      sealed = true;
      packets.clear();
      bytes = 0;
      drained.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
