// SPDX-License-Identifier: MIT

package io.agentruntime.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Takes the times out of the deltas of a {@link StampingAgent} as a client gets them. One turn at a
 * time. Thread-safe.
 */
final class Stamps implements Consumer<String> {
  private static final String DELTA = "\"delta\":\"";
  private static final double NANOS_PER_MILLI = 1e6;

  /** A delta: when it was written and when it came. */
  private record Receipt(long written, long came) {}

  private List<Receipt> receipts = new ArrayList<>();
  private CountDownLatch ended = new CountDownLatch(1);

  @Override
  public void accept(String event) {
    if (event.startsWith("[\"session:block:delta\"")) {
      took(event, System.nanoTime());
    } else if (event.startsWith("[\"session:turn:completed\"")) {
      latch().countDown();
    } else if (event.startsWith("[\"session:turn:failed\"")) {
      throw new IllegalStateException("the turn failed: " + event);
    }
  }

  private synchronized void took(String event, long now) {
    int from = event.indexOf(DELTA) + DELTA.length();
    String text = event.substring(from, event.indexOf('"', from));
    for (String stamp : text.trim().split(" ", -1)) {
      receipts.add(new Receipt(Long.parseLong(stamp), now));
    }
  }

  private synchronized CountDownLatch latch() {
    return ended;
  }

  /** What a turn gave. */
  static final class Turn {
    private final List<Receipt> receipts;

    private Turn(List<Receipt> receipts) {
      this.receipts = receipts;
    }

    /** The latencies of all deltas, in milliseconds. */
    Figures millis() {
      return millis(Long.MIN_VALUE, Long.MAX_VALUE);
    }

    /** The latencies of the deltas that were written between two times. */
    Figures millis(long from, long to) {
      Figures millis = new Figures();
      for (Receipt receipt : receipts) {
        if (receipt.written() >= from && receipt.written() <= to) {
          millis.add((receipt.came() - receipt.written()) / NANOS_PER_MILLI);
        }
      }
      return millis;
    }
  }

  /** Waits for the end of the turn and gives what came; the next turn counts from zero. */
  Turn await(int expected) throws InterruptedException {
    if (!latch().await(5, TimeUnit.MINUTES)) {
      throw new IllegalStateException("the turn did not end");
    }
    synchronized (this) {
      Turn turn = new Turn(receipts);
      receipts = new ArrayList<>();
      ended = new CountDownLatch(1);
      if (turn.receipts.size() != expected) {
        throw new IllegalStateException(
            "there came " + turn.receipts.size() + " of " + expected + " deltas");
      }
      return turn;
    }
  }
}
