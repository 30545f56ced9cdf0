// SPDX-License-Identifier: MIT

package io.agentruntime.architecture.claude;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentruntime.model.turn.TurnOutcome;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TurnStateTest {
  private static final TurnOutcome COMPLETED = new TurnOutcome.Completed();
  private static final TurnOutcome INTERRUPTED = new TurnOutcome.Interrupted();
  private static final TurnOutcome FAILED = new TurnOutcome.Failed("AGENT_FAILED", "x", false);
  private final TurnState turn = new TurnState(Map.of());

  private void accepted(String message) {
    turn.state("running");
    turn.lifecycle(message, "queued");
    turn.lifecycle(message, "started");
  }

  @Test
  void aTurnEndsWhenItsMessageWasAnsweredAndTheProgramIsIdle() {
    turn.written("m1");
    accepted("m1");
    assertThat(turn.result(List.of("m1"), false, COMPLETED)).isNull();
    assertThat(turn.state("idle")).isEqualTo(COMPLETED);
    assertThat(turn.state("idle")).isNull();
    assertThat(turn.isRunning()).isFalse();
  }

  @Test
  void aResultOfTheProgramsOwnTurnDecidesNothing() {
    turn.written("m1");
    turn.state("running");
    turn.lifecycle("m1", "queued");
    turn.result(List.of(), false, FAILED);
    assertThat(turn.state("idle")).isNull();
    accepted("m1");
    turn.result(List.of("m1"), false, COMPLETED);
    assertThat(turn.state("idle")).isEqualTo(COMPLETED);
  }

  @Test
  void aMessageThatWaitsKeepsTheTurnOpen() {
    turn.written("m1");
    accepted("m1");
    turn.written("m2");
    turn.lifecycle("m2", "queued");
    turn.result(List.of("m1"), false, COMPLETED);
    assertThat(turn.state("idle")).isNull();
    accepted("m2");
    turn.result(List.of("m2"), false, FAILED);
    assertThat(turn.state("idle")).isEqualTo(FAILED);
  }

  @Test
  void aMessageThatWasFoldedInNeedsNoResultOfItsOwn() {
    turn.written("m1");
    accepted("m1");
    turn.written("m2");
    turn.lifecycle("m2", "started");
    turn.result(List.of("m1"), false, COMPLETED);
    assertThat(turn.state("idle")).isEqualTo(COMPLETED);
  }

  @Test
  void aFailureAfterTheResultStillFailsTheTurn() {
    turn.written("m1");
    accepted("m1");
    turn.result(List.of("m1"), false, COMPLETED);
    turn.result(List.of(), false, FAILED);
    assertThat(turn.state("idle")).isEqualTo(FAILED);
  }

  @Test
  void anInterruptWhileBackgroundWorkGoesOnInterrupts() {
    turn.written("m1");
    accepted("m1");
    turn.result(List.of("m1"), false, COMPLETED);
    turn.interrupt();
    assertThat(turn.state("idle")).isEqualTo(INTERRUPTED);
  }

  @Test
  void anInterruptThatCameTooLateChangesNothing() {
    turn.written("m1");
    accepted("m1");
    turn.interrupt();
    turn.result(List.of("m1"), false, COMPLETED);
    assertThat(turn.state("idle")).isEqualTo(COMPLETED);
  }

  @Test
  void aMessageThatWasWithdrawnBeforeItBeganInterrupts() {
    turn.written("m1");
    turn.state("running");
    turn.lifecycle("m1", "queued");
    turn.interrupt();
    turn.lifecycle("m1", "cancelled");
    assertThat(turn.state("idle")).isEqualTo(INTERRUPTED);
  }

  @Test
  void aProcessThatEndsAfterTheResultEndsTheTurnAsItSaid() {
    turn.written("m1");
    accepted("m1");
    turn.result(List.of("m1"), false, FAILED);
    assertThat(turn.exited()).isEqualTo(FAILED);
  }

  @Test
  void aProcessThatEndsWhileItIsStoppedWasStopped() {
    turn.written("m1");
    accepted("m1");
    turn.interrupt();
    assertThat(turn.exited()).isEqualTo(INTERRUPTED);
  }
}
