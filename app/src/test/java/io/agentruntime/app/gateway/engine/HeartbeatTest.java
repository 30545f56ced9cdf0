// SPDX-License-Identifier: MIT

package io.agentruntime.app.gateway.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class HeartbeatTest {
  private final ManualTimer timer = new ManualTimer();
  private final List<String> events = new ArrayList<>();
  private final Heartbeat heartbeat =
      new Heartbeat(
          timer,
          Duration.ofSeconds(25),
          Duration.ofSeconds(20),
          () -> events.add("ping"),
          () -> events.add("gone"));

  @Test
  void aClientThatAnswersIsPingedAtIntervals() {
    heartbeat.start();
    timer.advance(Duration.ofSeconds(24));
    assertThat(events).isEmpty();
    timer.advance(Duration.ofSeconds(1));
    assertThat(events).containsExactly("ping");
    timer.advance(Duration.ofSeconds(19));
    heartbeat.pong();
    timer.advance(Duration.ofSeconds(25));
    assertThat(events).containsExactly("ping", "ping");
  }

  @Test
  void aClientThatDoesNotAnswerIsGone() {
    heartbeat.start();
    timer.advance(Duration.ofSeconds(45));
    assertThat(events).containsExactly("ping", "gone");
  }

  @Test
  void anAnswerToNothingChangesNothing() {
    heartbeat.start();
    timer.advance(Duration.ofSeconds(20));
    heartbeat.pong();
    timer.advance(Duration.ofSeconds(5));
    assertThat(events).containsExactly("ping");
  }

  @Test
  void afterTheEndNothingHappens() {
    heartbeat.start();
    heartbeat.stop();
    heartbeat.pong();
    timer.advance(Duration.ofHours(1));
    assertThat(events).isEmpty();
    assertThat(timer.pending()).isZero();
  }
}
