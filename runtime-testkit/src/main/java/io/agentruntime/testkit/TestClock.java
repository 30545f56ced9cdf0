// SPDX-License-Identifier: MIT

package io.agentruntime.testkit;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** A clock that stands still until it is told to go on. Thread-safe. */
public final class TestClock implements InstantSource {
  private Instant now;

  /** A clock that shows the beginning of 2026. */
  public TestClock() {
    this(Instant.parse("2026-01-01T00:00:00Z"));
  }

  /** A clock that shows this time. */
  public TestClock(Instant start) {
    now = start;
  }

  @Override
  public synchronized Instant instant() {
    return now;
  }

  /** Goes on. */
  public synchronized void advance(Duration duration) {
    now = now.plus(duration);
  }
}
