// SPDX-License-Identifier: MIT

package io.agentruntime.bench.crash;

import io.agentruntime.bench.crash.Api.Reply;
import io.agentruntime.bench.crash.CrashRun.Part;
import io.agentruntime.bench.crash.Script.Step;
import io.agentruntime.bench.crash.Script.When;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * One client of one session: plays its script, follows the stream, asks again whatever was not
 * answered. Thread-safe; {@link #play} is called once.
 */
final class SessionClient {
  private static final Duration PAUSE = Duration.ofMillis(50);

  private final String name;
  private final Part part;
  private final Script script;
  private final Servers servers;
  private final Api api;
  private final EventStream.Transport transport;
  private final Timings timings;
  private final Duration patience;
  private final History history = new History();
  private final History streamed = new History();
  private final List<Posted> posted = new CopyOnWriteArrayList<>();
  private volatile String session = "";
  private volatile boolean done;

  /**
   * A message as the server acknowledged it.
   *
   * @param step what was sent
   * @param messageId its id
   */
  record Posted(Step step, String messageId) {}

  /**
   * A client.
   *
   * @param name unique in the run: keys are made of it
   * @param part who plays, and what
   * @param script the same, as messages
   * @param patience how long it waits for the end of a turn
   */
  SessionClient(
      String name,
      Part part,
      Script script,
      Servers servers,
      EventStream.Transport transport,
      Timings timings,
      Duration patience) {
    this.name = name;
    this.part = part;
    this.script = script;
    this.servers = servers;
    this.api = new Api(servers);
    this.transport = transport;
    this.timings = timings;
    this.patience = patience;
  }

  Part part() {
    return part;
  }

  Script script() {
    return script;
  }

  String name() {
    return name;
  }

  /** Its session's id, empty until it has one. */
  String session() {
    return session;
  }

  History history() {
    return history;
  }

  /** What server-sent events told. */
  History streamed() {
    return streamed;
  }

  List<Posted> posted() {
    return List.copyOf(posted);
  }

  /** Plays the script to its end, or until it is clear that there is none. */
  void play() throws InterruptedException {
    Thread follower = Thread.ofVirtual().name("follower-" + name).unstarted(this::follow);
    Thread second = Thread.ofVirtual().name("second-" + name).unstarted(this::followStream);
    try {
      Reply created =
          api.call(
              "POST",
              "/api/sessions",
              Map.of(
                  "agentProfileRef", script.profile(), "architecture", part.agent().architecture()),
              "create-" + name);
      if (!created.ok()) {
        history.trouble("was not created: " + created.text());
        return;
      }
      session = created.json().path("sessionId").asText();
      follower.start();
      second.start();
      for (Step step : script.steps()) {
        send(step);
      }
      awaitEnds();
      long last = history.cursor();
      if (!streamed.await(told -> !told.isEmpty() && told.getLast().seq() >= last, patience)) {
        history.trouble("server-sent events end at " + streamed.cursor() + ", not at " + last);
      }
    } catch (Servers.Over e) {
      history.trouble("was not done when the run was over");
    } finally {
      done = true;
      follower.interrupt();
      second.interrupt();
      follower.join();
      second.join();
    }
  }

  private void send(Step step) throws InterruptedException, Servers.Over {
    if (step.when() == When.AFTER_ALL) {
      awaitEnds();
    } else if (step.when() == When.DURING_TEXT && !posted.isEmpty()) {
      awaitTextOrEnd(posted.getLast().messageId());
    }
    Reply reply =
        api.call(
            "POST",
            "/api/sessions/" + session + "/messages",
            Map.of("content", step.text(), "mode", step.mode()),
            name + "-message-" + posted.size());
    if (!reply.ok()) {
      history.trouble("a message was refused: " + reply.status() + " " + reply.text());
      return;
    }
    String message = reply.json().path("messageId").asText();
    posted.add(new Posted(step, message));
    if (step.interrupted()) {
      awaitTextOrEnd(message);
      Reply stopped = api.post("/api/sessions/" + session + "/interrupt", Map.of());
      if (!stopped.ok()) {
        history.trouble("an interrupt was refused: " + stopped.text());
      }
    }
  }

  private void awaitEnds() throws InterruptedException {
    for (Posted message : posted) {
      if (!history.await(told -> ended(told, message.messageId()), patience)) {
        history.trouble(
            "no end of turn for message %s within %d s of waiting; the last event is %d"
                .formatted(message.messageId(), patience.toSeconds(), history.cursor()));
        return;
      }
    }
  }

  private void awaitTextOrEnd(String message) throws InterruptedException {
    boolean came =
        history.await(
            told -> {
              int start = indexOfStart(told, message);
              return start >= 0
                      && told.subList(start, told.size()).stream()
                          .anyMatch(event -> event.name().equals("session:block:delta"))
                  || ended(told, message);
            },
            patience);
    if (!came) {
      history.trouble("no text of message " + message);
    }
  }

  private static int indexOfStart(List<Told> told, String message) {
    for (int i = 0; i < told.size(); i++) {
      if (told.get(i).name().equals("session:turn:started")
          && told.get(i).text("/messageId").equals(message)) {
        return i;
      }
    }
    return -1;
  }

  private static boolean ended(List<Told> told, String message) {
    return told.stream()
        .anyMatch(event -> event.endsMessage() && event.text("/messageId").equals(message));
  }

  /** Whether something is still to come of what was acknowledged. */
  private boolean expectsMore() {
    List<Told> told = history.told();
    return posted.stream().anyMatch(message -> !ended(told, message.messageId()));
  }

  private void follow() {
    try {
      while (!done) {
        ServerLife server = servers.await();
        boolean waits = expectsMore();
        long cursor = history.join();
        List<Told> first = new ArrayList<>();
        try (EventStream stream =
            transport.open(
                server, session, cursor, event -> receive(server, waits, first, event))) {
          if (waits) {
            timings.joined(server);
          }
          stream.awaitEnd();
        } catch (InterruptedException e) {
          throw e;
        } catch (Exception e) {
          // Whatever a dying server does to a connection: only what comes in the end counts.
          servers.pause(PAUSE);
        }
      }
    } catch (InterruptedException | Servers.Over e) {
      return;
    }
  }

  private void followStream() {
    try {
      while (!done) {
        ServerLife server = servers.await();
        try (EventStream stream = SseStream.open(server, session, streamed.join(), streamed::add)) {
          stream.awaitEnd();
        } catch (InterruptedException e) {
          throw e;
        } catch (Exception e) {
          // As with the other connection.
          servers.pause(PAUSE);
        }
      }
    } catch (InterruptedException | Servers.Over e) {
      return;
    }
  }

  private void receive(ServerLife server, boolean waits, List<Told> first, Told event) {
    history.add(event);
    if (waits && first.isEmpty() && event.seq() == history.cursor()) {
      first.add(event);
      timings.continued(server);
    }
    if (event.name().equals("session:permission:requested")) {
      Thread.ofVirtual().name("answer-" + name).start(() -> answer(event.text("/requestId")));
    }
  }

  private void answer(String request) {
    try {
      Reply reply =
          api.post("/api/sessions/" + session + "/permissions/" + request, Map.of("allowed", true));
      if (!reply.ok() && !reply.text().contains("PERMISSION_NOT_FOUND")) {
        history.trouble("an answer was refused: " + reply.text());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (Servers.Over e) {
      history.trouble("a permission was not answered");
    }
  }
}
