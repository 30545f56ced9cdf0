// SPDX-License-Identifier: MIT

package io.agentruntime.sandbox.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.Closeable;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class WatchdogTest {
  private final Watchdog watchdog = new Watchdog();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Closeable target = closed::countDown;

  @AfterEach
  void end() {
    watchdog.close();
  }

  @Test
  void whatTakesTooLongIsClosed() throws Exception {
    Watchdog.Limit limit = watchdog.limit(target, Duration.ofMillis(1));

    assertThat(closed.await(30, TimeUnit.SECONDS)).isTrue();
    assertThat(limit.expired()).isTrue();
  }

  @Test
  void whatBeginsAfterTheEndIsClosedAtOnce() {
    watchdog.close();

    assertThatThrownBy(() -> watchdog.limit(target, Duration.ofHours(1)))
        .isInstanceOf(ClosedChannelException.class);
    assertThat(closed.getCount()).isZero();
  }
}
