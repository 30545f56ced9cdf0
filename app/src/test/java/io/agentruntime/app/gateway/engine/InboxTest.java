// SPDX-License-Identifier: MIT

package io.agentruntime.app.gateway.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

final class InboxTest {
  private final Deque<Runnable> threads = new ArrayDeque<>();
  private final List<String> done = new ArrayList<>();
  private final List<Throwable> failures = new ArrayList<>();
  private final Inbox inbox =
      new Inbox(
          threads::add,
          Options.with(
              Map.of(
                  "inbox-messages", 3, "inbox-bytes", 100, "message-burst", 6, "message-rate", 1)),
          failures::add);

  private void runAll() {
    for (Runnable thread = threads.poll(); thread != null; thread = threads.poll()) {
      thread.run();
    }
  }

  @Test
  void workIsDoneInOrderOnOneThread() {
    for (String name : List.of("a", "b", "c")) {
      assertThat(inbox.offer(1, () -> done.add(name))).isNull();
    }
    assertThat(threads).hasSize(1);
    runAll();
    assertThat(done).containsExactly("a", "b", "c");
    inbox.add(() -> done.add("d"));
    runAll();
    assertThat(done).endsWith("d");
  }

  @Test
  void messagesBeyondTheBoundsAreRefusedAndOwnWorkIsNot() {
    for (int i = 0; i < 3; i++) {
      assertThat(inbox.offer(1, () -> done.add("m"))).isNull();
    }
    assertThat(inbox.offer(1, () -> {})).isEqualTo(DisconnectReason.INBOX_FULL);
    inbox.add(() -> done.add("own"));
    runAll();
    assertThat(done).containsExactly("m", "m", "m", "own");
    assertThat(inbox.offer(500, () -> {})).isNull();
    assertThat(inbox.offer(1, () -> {})).isEqualTo(DisconnectReason.INBOX_FULL);
  }

  @Test
  void messagesBeyondTheRateAreRefused() {
    for (int i = 0; i < 6; i++) {
      assertThat(inbox.offer(1, () -> {})).isNull();
      runAll();
    }
    assertThat(inbox.offer(1, () -> {})).isEqualTo(DisconnectReason.RATE_EXCEEDED);
  }

  @Test
  void aFailureIsToldAndTheNextWorkIsDone() {
    inbox.add(
        () -> {
          throw new IllegalStateException("on purpose");
        });
    inbox.add(() -> done.add("next"));
    runAll();
    assertThat(failures).singleElement().isInstanceOf(IllegalStateException.class);
    assertThat(done).containsExactly("next");
  }

  @Test
  void afterTheLastWorkThereIsNone() {
    inbox.add(() -> done.add("a"));
    inbox.finish(() -> done.add("last"));
    inbox.finish(() -> done.add("never"));
    inbox.add(() -> done.add("never"));
    assertThat(inbox.offer(1, () -> done.add("never"))).isNull();
    runAll();
    assertThat(done).containsExactly("a", "last");
  }

  @Test
  void aStoppedServerDoesNoWork() {
    Inbox late =
        new Inbox(
            task -> {
              throw new RejectedExecutionException();
            },
            Options.with(Map.of()),
            failures::add);
    late.add(() -> done.add("never"));
    late.finish(() -> done.add("never"));
    assertThat(done).isEmpty();
    assertThat(failures).isEmpty();
  }
}
