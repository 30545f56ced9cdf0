// SPDX-License-Identifier: MIT

package io.agentruntime.bench;

import io.agentruntime.core.event.EventFeed;
import io.agentruntime.core.event.FeedBatch;
import io.agentruntime.core.session.Session;
import io.agentruntime.model.event.SessionEvent;
import io.agentruntime.model.session.SessionId;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

/** Many sessions, each of which is created, gets one message, and is left. */
final class ManySessions implements Bench.Measurement {
  @Override
  public String question() {
    return "How many sessions a second can be created and do a turn, and what stays of them?";
  }

  @Override
  public Settings defaults() {
    return Settings.of(Map.of("sessions", 1000, "rounds", 3, "clients", 16));
  }

  @Override
  public void run(Settings settings, Path folder, PrintStream out) throws Exception {
    for (String store : List.of("memory", "jdbc")) {
      try (FakeBackedServer server =
          FakeBackedServer.start(
              folder.resolve(store), Map.of("AGENT_RUNTIME_PERSISTENCE", store), List.of())) {
        round(server, Math.min(100, settings.get("sessions")), settings.get("clients"));
        out.printf("%s: heap before %.1f MB%n", store, Heap.megabytes());
        for (int i = 0; i < settings.get("rounds"); i++) {
          double seconds = round(server, settings.get("sessions"), settings.get("clients"));
          out.printf(
              "%s: %d sessions in %.1f s, %.0f sessions/s, no error; heap afterwards %.1f MB%n",
              store,
              settings.get("sessions"),
              seconds,
              settings.get("sessions") / seconds,
              Heap.megabytes());
        }
      }
    }
  }

  /** Seconds for creating so many and one turn of each; then they are unloaded. */
  private static double round(FakeBackedServer server, int count, int clients) throws Exception {
    long begin = System.nanoTime();
    double seconds;
    try (ExecutorService threads = Executors.newFixedThreadPool(clients)) {
      List<Callable<String>> calls =
          IntStream.range(0, count).<Callable<String>>mapToObj(i -> () -> one(server)).toList();
      List<Future<String>> ids = threads.invokeAll(calls);
      for (Future<String> id : ids) {
        id.get();
      }
      seconds = (System.nanoTime() - begin) / 1e9;
      for (Future<Boolean> left :
          threads.invokeAll(
              ids.stream().<Callable<Boolean>>map(id -> () -> leave(server, id)).toList())) {
        left.get();
      }
    }
    return seconds;
  }

  private static String one(FakeBackedServer server) throws Exception {
    String id = server.rest().create("scripted");
    server.rest().send(id, "A short question that gets itself as a short answer.");
    Session session = server.runtime().sessions().get(new SessionId(id));
    try (EventFeed feed = session.feed(0)) {
      while (true) {
        FeedBatch batch = feed.next(Duration.ofMinutes(1));
        if (batch.events().isEmpty()) {
          throw new IllegalStateException("the turn of " + id + " did not end");
        }
        for (var envelope : batch.events()) {
          if (envelope.event() instanceof SessionEvent.TurnFailed failed) {
            throw new IllegalStateException(failed.toString());
          }
          if (envelope.event() instanceof SessionEvent.TurnCompleted) {
            return id;
          }
        }
      }
    }
  }

  private static boolean leave(FakeBackedServer server, Future<String> id) throws Exception {
    server.rest().unload(id.get());
    return true;
  }
}
