// SPDX-License-Identifier: MIT

package io.agentruntime.app.endtoend;

import com.fasterxml.jackson.databind.JsonNode;
import io.agentruntime.app.endtoend.SocketClient.Seen;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** What a client of the flat dialect sees of one session. Thread-safe; the test closes it. */
final class Follower implements AutoCloseable {
  private static final Set<String> ENDS =
      Set.of("session:turn:completed", "session:turn:failed", "session:turn:interrupted");

  private final ServerProcess server;
  private final SocketClient client;
  private final String session;

  /** Creates a session of Claude Code and follows it. */
  Follower(ServerProcess server) throws IOException, InterruptedException {
    this(server, "claude-agent-sdk");
  }

  /** Creates a session and follows it. */
  Follower(ServerProcess server, String architecture) throws IOException, InterruptedException {
    this(server, architecture, "default");
  }

  /** Creates a session with a profile and follows it. */
  Follower(ServerProcess server, String architecture, String profile)
      throws IOException, InterruptedException {
    this.server = server;
    this.session = server.createSession(architecture, profile);
    this.client = SocketClient.connect(server.socketUrl("flat"), "websocket");
    client.join(session);
  }

  String session() {
    return session;
  }

  /** The session as GET shows it. */
  JsonNode view() throws IOException, InterruptedException {
    return server.get("/api/sessions/" + session);
  }

  /** Sends a message of several parts; its id. */
  String send(List<Map<String, Object>> parts) throws IOException, InterruptedException {
    return server.send(session, parts);
  }

  /** Sends a message; its id. */
  String send(String text) throws IOException, InterruptedException {
    return server.send(session, text);
  }

  /** Sends a message and waits until its turn is completed; its id. */
  String turn(String text) throws IOException, InterruptedException {
    String message = send(text);
    Seen end = end(message);
    if (!end.is("session:turn:completed")) {
      throw new AssertionError("the turn ends with " + end);
    }
    return message;
  }

  /** The end of a message's turn, whatever it is. */
  Seen end(String message) throws InterruptedException {
    return client.await(
        "the end of the turn",
        event -> ENDS.contains(event.name()) && event.text("/messageId").equals(message));
  }

  /** The first event of that name in a message's turn. */
  Seen await(String name, String message) throws InterruptedException {
    Seen start =
        client.await(
            "the turn",
            event -> event.is("session:turn:started") && event.text("/messageId").equals(message));
    return client.await(
        name,
        event ->
            event.is(name)
                && event.payload().path("seq").asLong() > start.payload().path("seq").asLong());
  }

  /** Waits until a file of the workspace was told of. */
  void awaitFile(String path) throws InterruptedException {
    client.await(
        path,
        event ->
            event.is("session:file:created")
                && event.text("/sessionId").equals(session)
                && event.text("/file/path").equals(path));
  }

  /** Everything of this session so far, in order. */
  List<Seen> seen() {
    return client.seen().stream()
        .filter(event -> event.text("/sessionId").equals(session))
        .toList();
  }

  /** The events of that name so far, in order. */
  List<Seen> seen(String name) {
    return seen().stream().filter(event -> event.is(name)).toList();
  }

  /** What was told between start and end of a message's turn. */
  List<Seen> ofTurn(String message) {
    List<Seen> all = seen();
    int from = 0;
    int to = all.size();
    for (int i = 0; i < all.size(); i++) {
      if (all.get(i).text("/messageId").equals(message)) {
        if (all.get(i).is("session:turn:started")) {
          from = i;
        } else if (ENDS.contains(all.get(i).name())) {
          to = i + 1;
        }
      }
    }
    return all.subList(from, to);
  }

  /** What the agent said in a message's turn. */
  String said(String message) {
    return completed(message, "assistant_text").stream()
        .map(event -> event.text("/block/content"))
        .collect(Collectors.joining());
  }

  /** What the tools of a message's turn returned; some agents keep the last line's end. */
  List<String> returned(String message) {
    return completed(message, "tool_result").stream()
        .map(event -> event.text("/block/output").stripTrailing())
        .toList();
  }

  /** What the tools of a message's turn returned that failed. */
  List<String> failedTools(String message) {
    return completed(message, "tool_result").stream()
        .filter(event -> event.payload().at("/block/isError").asBoolean())
        .map(event -> event.text("/block/output"))
        .toList();
  }

  private List<Seen> completed(String message, String type) {
    return ofTurn(message).stream()
        .filter(event -> event.is("session:block:complete"))
        .filter(event -> event.text("/block/type").equals(type))
        .toList();
  }

  /** Waits until the session is told to have been unloaded, after a message's turn. */
  void awaitUnloaded(String message) throws InterruptedException {
    long from = end(message).payload().path("seq").asLong();
    client.await(
        "the end of idleness",
        event ->
            event.is("session:status")
                && event.text("/sessionId").equals(session)
                && event.payload().path("seq").asLong() > from
                && !event.payload().at("/runtime/isLoaded").asBoolean(true));
  }

  /** The sandboxes that the session was told to have, each once, in order. */
  List<String> sandboxes() {
    return seen("session:status").stream()
        .map(event -> event.text("/runtime/sandbox/id"))
        .filter(id -> !id.isEmpty())
        .distinct()
        .toList();
  }

  @Override
  public void close() throws IOException, InterruptedException {
    client.close();
  }
}
