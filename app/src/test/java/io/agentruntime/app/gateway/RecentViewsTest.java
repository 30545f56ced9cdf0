// SPDX-License-Identifier: MIT

package io.agentruntime.app.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentruntime.model.session.SessionId;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class RecentViewsTest {
  private static final SessionId SESSION = new SessionId("s");
  private static final ClientTraits BROWSER =
      new ClientTraits("10.0.0.1", "Browser/1", "https://app.example");

  private final AtomicLong now = new AtomicLong();
  private final RecentViews views = new RecentViews(now::get);

  @Test
  void aClientIsToldFromOthersByWhatItSays() {
    views.viewed(BROWSER, SESSION, 7);

    assertThat(views.shown(BROWSER, SESSION)).isPresent();
    assertThat(views.shown(new ClientTraits("10.0.0.1", null, null), SESSION)).isPresent();
    assertThat(views.shown(new ClientTraits("10.0.0.2", "Browser/1", null), SESSION)).isEmpty();
    assertThat(views.shown(new ClientTraits("10.0.0.1", "Other/1", null), SESSION)).isEmpty();
    assertThat(views.shown(BROWSER, new SessionId("other"))).isEmpty();
  }

  @Test
  void ofSeveralViewsTheNewestAndTheOldestAreKnown() {
    for (long seq : new long[] {9, 4, 12, 7}) {
      views.viewed(BROWSER, SESSION, seq);
    }

    assertThat(views.shown(BROWSER, SESSION)).contains(new RecentViews.Shown(4, 12));
  }

  @Test
  void aViewIsRememberedForHalfAMinute() {
    views.viewed(BROWSER, SESSION, 1);
    now.addAndGet(Duration.ofSeconds(29).toNanos());
    views.viewed(BROWSER, SESSION, 2);
    now.addAndGet(Duration.ofSeconds(2).toNanos());

    assertThat(views.shown(BROWSER, SESSION)).contains(new RecentViews.Shown(2, 2));
    now.addAndGet(Duration.ofSeconds(30).toNanos());
    assertThat(views.shown(BROWSER, SESSION)).isEmpty();
  }

  @Test
  void ofManyViewsOfASessionTheLastOnesAreRemembered() {
    for (long seq = 1; seq <= 100; seq++) {
      views.viewed(BROWSER, SESSION, seq);
    }

    assertThat(views.shown(BROWSER, SESSION)).contains(new RecentViews.Shown(69, 100));
  }
}
