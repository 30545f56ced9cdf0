// SPDX-License-Identifier: MIT

package io.agentruntime.app.gateway.engine;

import java.time.Duration;
import java.util.Comparator;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A timer whose time is told. */
final class ManualTimer implements Timer {
  private record Task(Duration due, Runnable work) {}

  private final Set<Task> tasks = ConcurrentHashMap.newKeySet();
  private Duration now = Duration.ZERO;

  @Override
  public Pending after(Duration delay, Runnable task) {
    Task added = new Task(now.plus(delay), task);
    tasks.add(added);
    return () -> tasks.remove(added);
  }

  /** Lets time pass, and does what becomes due, in order. */
  void advance(Duration time) {
    Duration end = now.plus(time);
    for (Optional<Task> next = due(end); next.isPresent(); next = due(end)) {
      now = next.get().due();
      tasks.remove(next.get());
      next.get().work().run();
    }
    now = end;
  }

  private Optional<Task> due(Duration until) {
    return tasks.stream()
        .filter(task -> task.due().compareTo(until) <= 0)
        .min(Comparator.comparing(Task::due));
  }

  int pending() {
    return tasks.size();
  }
}
