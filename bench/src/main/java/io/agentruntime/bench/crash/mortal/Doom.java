// SPDX-License-Identifier: MIT

package io.agentruntime.bench.crash.mortal;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * When this process has to die, told by {@value #VARIABLE}: {@code POINT:OCCURRENCE:MILLIS}, the
 * last being how long after that. Without it, never. Thread-safe.
 */
public final class Doom {
  /** The variable; nothing else reads it. */
  public static final String VARIABLE = "CRASH_AT";

  /** The exit code of a server that died where it should. */
  public static final int EXIT = 86;

  private static final Optional<Doom> OURS =
      Optional.ofNullable(System.getenv(VARIABLE)).map(Doom::read);

  private final CrashPoint point;
  private final int occurrence;
  private final long millis;
  private final AtomicInteger reached = new AtomicInteger();

  private Doom(CrashPoint point, int occurrence, long millis) {
    this.point = point;
    this.occurrence = occurrence;
    this.millis = millis;
  }

  private static Doom read(String text) {
    String[] parts = text.split(":", 3);
    return new Doom(
        CrashPoint.valueOf(parts[0]), Integer.parseInt(parts[1]), Long.parseLong(parts[2]));
  }

  /** Says that a point is reached; does not return if it is the one. */
  static void reach(CrashPoint point) {
    OURS.filter(doom -> doom.point == point).ifPresent(Doom::count);
  }

  /** Whether the next time a point is reached is the one. */
  static boolean isNext(CrashPoint point) {
    return OURS.filter(doom -> doom.point == point)
        .filter(doom -> doom.reached.get() == doom.occurrence - 1)
        .isPresent();
  }

  private void count() {
    if (reached.incrementAndGet() != occurrence) {
      return;
    }
    if (millis == 0) {
      die();
    }
    Thread.ofPlatform().daemon().name("doom").start(this::dieLater);
  }

  private void dieLater() {
    long due = System.nanoTime() + millis * 1_000_000;
    for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
    die();
  }

  /** Runs no hooks, closes nothing, says nothing: like SIGKILL, but with an exit code to tell. */
  private static void die() {
    Runtime.getRuntime().halt(EXIT);
  }
}
