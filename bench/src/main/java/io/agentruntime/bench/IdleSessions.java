// SPDX-License-Identifier: MIT

package io.agentruntime.bench;

import io.agentruntime.core.AgentRuntime;
import io.agentruntime.core.CreateSession;
import io.agentruntime.core.event.EventFeed;
import io.agentruntime.core.event.FeedBatch;
import io.agentruntime.core.session.MessageRequest;
import io.agentruntime.core.session.Session;
import io.agentruntime.model.event.SessionEvent;
import io.agentruntime.model.session.SessionId;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** What a session costs that nobody works with. */
final class IdleSessions implements Bench.Measurement {
  private static final int AT_ONCE = 8;

  @Override
  public String question() {
    return "How much heap does an idle session take?";
  }

  @Override
  public Settings defaults() {
    return Settings.of(Map.of("sessions", 1000));
  }

  @Override
  public void run(Settings settings, Path folder, PrintStream out) throws Exception {
    int count = settings.get("sessions");
    try (FakeBackedServer server = FakeBackedServer.start(folder.resolve("data"))) {
      AgentRuntime runtime = server.runtime();
      turn(runtime.sessions().create(CreateSession.of("scripted", "default")));
      double base = Heap.megabytes();
      List<SessionId> ids =
          inParallel(
              count, i -> runtime.sessions().create(CreateSession.of("scripted", "default")).id());
      say(out, "created, in memory", count, Heap.megabytes() - base);
      inParallel(count, i -> turn(runtime.sessions().get(ids.get(i))));
      say(out, "after one turn, in memory, without sandbox", count, Heap.megabytes() - base);
      inParallel(count, i -> runtime.sessions().unload(ids.get(i)));
      double stored = Heap.megabytes() - base;
      say(out, "unloaded: what store and fakes keep", count, stored);
      List<Session> loaded = inParallel(count, i -> runtime.sessions().get(ids.get(i)));
      say(out, "loaded again", loaded.size(), Heap.megabytes() - base);
      say(out, "  of that the session itself", count, Heap.megabytes() - base - stored);
    }
  }

  private static void say(PrintStream out, String what, int count, double megabytes) {
    out.printf("%-45s %8.1f MB, %6.1f KB per session%n", what, megabytes, megabytes * 1024 / count);
  }

  private static SessionId turn(Session session) throws InterruptedException {
    session.send(MessageRequest.text("A short question that gets itself as a short answer."));
    try (EventFeed feed = session.feed(0)) {
      boolean ended = false;
      while (!ended) {
        FeedBatch batch = feed.next(Duration.ofMinutes(1));
        if (batch.events().isEmpty()) {
          throw new IllegalStateException("the turn of " + session.id() + " did not end");
        }
        ended =
            batch.events().stream()
                .anyMatch(envelope -> envelope.event() instanceof SessionEvent.TurnCompleted);
      }
    }
    session.terminateSandbox();
    return session.id();
  }

  /** Does something for each of so many numbers. */
  private interface Task<T> {
    T of(int number) throws Exception;
  }

  private static <T> List<T> inParallel(int count, Task<T> task) throws Exception {
    List<T> results = new ArrayList<>(count);
    try (ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE)) {
      List<Callable<T>> calls = new ArrayList<>(count);
      for (int i = 0; i < count; i++) {
        int number = i;
        calls.add(() -> task.of(number));
      }
      for (Future<T> future : threads.invokeAll(calls)) {
        results.add(future.get());
      }
    }
    return results;
  }
}
