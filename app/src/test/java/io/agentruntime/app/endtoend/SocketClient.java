// SPDX-License-Identifier: MIT

package io.agentruntime.app.endtoend;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;

/**
 * The official client in a process of its own; it remembers all that it was told. Thread-safe; the
 * test closes it.
 */
final class SocketClient implements AutoCloseable {
  /** Where the scripts and the official client are. */
  private static final File HOME = new File("target/js");

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final JsonMapper JSON = new JsonMapper();

  private final Process process;
  private final Writer commands;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition more = lock.newCondition();
  private final List<Seen> seen = new ArrayList<>();
  private long lastId;

  /**
   * An event.
   *
   * @param name its name; the client's own begin with {@code @}
   * @param payload its first argument
   * @param nanos when it came
   */
  record Seen(String name, JsonNode payload, long nanos) {
    boolean is(String wanted) {
      return name.equals(wanted);
    }

    /** A text within the payload, empty when there is none. */
    String text(String pointer) {
      return payload.at(pointer).asText();
    }
  }

  private SocketClient(Process process) {
    this.process = process;
    this.commands = process.outputWriter(StandardCharsets.UTF_8);
  }

  /**
   * Connects; what it needs must be installed, see {@code NodeClient}.
   *
   * @param transport {@code websocket}, {@code polling} or {@code upgrade}
   */
  static SocketClient connect(String url, String transport)
      throws IOException, InterruptedException {
    SocketClient client =
        new SocketClient(
            new ProcessBuilder("node", "relay.mjs", url, transport)
                .directory(HOME)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start());
    Thread.ofVirtual().name("socket-client").start(client::read);
    client.await("the connection", event -> event.is("@connected"));
    return client;
  }

  private void read() {
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        JsonNode event = JSON.readTree(line);
        add(new Seen(event.path("name").asText(), event.path("payload"), System.nanoTime()));
      }
      add(new Seen("@ended", JSON.nullNode(), System.nanoTime()));
    } catch (IOException e) {
      add(new Seen("@ended", JSON.valueToTree(String.valueOf(e)), System.nanoTime()));
    }
  }

  private void add(Seen event) {
    lock.lock();
    try {
      seen.add(event);
      more.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Joins a session; what the server answered. */
  JsonNode join(String session) throws IOException, InterruptedException {
    return join(List.of(session));
  }

  /** Joins a session behind an event; what the server answered. */
  JsonNode joinAfter(String session, long seq) throws IOException, InterruptedException {
    return join(List.of(session, Map.of("after", seq)));
  }

  private JsonNode join(List<Object> arguments) throws IOException, InterruptedException {
    long id;
    lock.lock();
    try {
      id = ++lastId;
      tell(Map.of("id", id, "event", "session:join", "args", arguments));
    } finally {
      lock.unlock();
    }
    return await("the answer", e -> e.is("@reply") && e.payload().path("id").asLong() == id)
        .payload()
        .path("reply");
  }

  private void tell(Map<String, Object> command) throws IOException {
    commands.write(JSON.writeValueAsString(command) + "\n");
    commands.flush();
  }

  /** All that it was told so far. */
  List<Seen> seen() {
    lock.lock();
    try {
      return List.copyOf(seen);
    } finally {
      lock.unlock();
    }
  }

  /** The first event of that kind, as soon as it is there. */
  Seen await(String what, Predicate<Seen> wanted) throws InterruptedException {
    long left = PATIENCE.toNanos();
    int from = 0;
    lock.lock();
    try {
      while (true) {
        for (; from < seen.size(); from++) {
          if (wanted.test(seen.get(from))) {
            return seen.get(from);
          }
        }
        if (left <= 0) {
          throw new AssertionError("waited in vain for " + what + "; seen: " + seen);
        }
        left = more.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() throws IOException, InterruptedException {
    commands.close();
    if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new AssertionError("the client does not end");
    }
  }
}
