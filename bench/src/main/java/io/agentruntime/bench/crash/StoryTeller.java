// SPDX-License-Identifier: MIT

package io.agentruntime.bench.crash;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.agentruntime.bench.crash.Story.Logged;
import io.agentruntime.bench.crash.Story.Message;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.StreamSupport;

/** Collects what is known of a session from its client, the server and the database. Stateless. */
final class StoryTeller {
  /** What differs from run to run. */
  private static final Set<String> PASSING =
      Set.of(
          "id",
          "timestamp",
          "toolUseId",
          "durationMs",
          "subagentId",
          "agentId",
          "conversationId",
          "metadata",
          "createdAt",
          "lastActivity");

  private final World world;
  private final Servers servers;
  private final Api api;
  private final EventStream.Transport transport;

  StoryTeller(World world, Servers servers, EventStream.Transport transport) {
    this.world = world;
    this.servers = servers;
    this.api = new Api(servers);
    this.transport = transport;
  }

  /** Tells the story of a client whose script is over; the server lives. */
  Story tell(SessionClient client) throws Exception {
    String session = client.session();
    String path = "/api/sessions/" + session;
    Api.Reply synced = api.post(path + "/sync", Map.of());
    if (!synced.ok()) {
      client.history().trouble("could not be synced: " + synced.text());
    }
    JsonNode view = api.get(path).json();
    Database.Numbers numbers = numbers(session);
    List<Told> pages = pages(path);
    client.streamed().troubles().forEach(client.history()::trouble);
    return new Story(
        client.name() + " " + session,
        client.script().exact(),
        client.posted().stream().map(StoryTeller::message).toList(),
        client.history().told(),
        replay(session),
        client.streamed().told(),
        pages,
        pages.stream().map(page -> logged(page.payload())).toList(),
        numbers.stored(),
        numbers.last(),
        effects(session),
        conversation(view),
        client.history().troubles());
  }

  private Database.Numbers numbers(String session) throws SQLException {
    return world.database().numbers(session);
  }

  private static Message message(SessionClient.Posted posted) {
    return new Message(
        posted.messageId(),
        posted.step().text(),
        posted.step().interrupted(),
        posted.step().mode().equals("steer"),
        posted.step().effects());
  }

  private List<Told> replay(String session) throws Exception {
    History history = new History();
    history.join();
    try (EventStream stream = transport.open(servers.await(), session, 0, history::add)) {
      return history.told();
    }
  }

  private List<Told> pages(String path) throws Exception {
    List<Told> log = new ArrayList<>();
    long after = 0;
    while (true) {
      JsonNode page = api.get(path + "/events?limit=5000&after=" + after).json();
      for (JsonNode entry : page.path("events")) {
        log.add(new Told(entry.path("seq").asLong(), entry.path("type").asText(), entry));
      }
      if (!page.path("hasMore").asBoolean()) {
        return log;
      }
      after = page.path("nextAfter").asLong();
    }
  }

  private static Logged logged(JsonNode entry) {
    JsonNode event = entry.path("event");
    JsonNode block = event.path("block");
    String about = event.path("messageId").asText();
    for (String pointer : List.of("/requestId", "/request/requestId", "/answer/requestId")) {
      about = about.isEmpty() ? event.at(pointer).asText() : about;
    }
    boolean users =
        entry.path("type").asText().equals("BlockCompleted")
            && block.path("type").asText().equals("user_message")
            && entry.path("conversationId").asText().equals("main");
    return new Logged(
        entry.path("seq").asLong(),
        entry.path("type").asText(),
        about,
        users ? plain(block.path("content")) : "",
        event.path("code").asText());
  }

  private static String plain(JsonNode content) {
    if (!content.isArray()) {
      return content.asText();
    }
    StringBuilder text = new StringBuilder();
    content.forEach(part -> text.append(part.path("text").asText()));
    return text.toString();
  }

  private List<String> effects(String session) throws Exception {
    Api.Reply file = api.get("/sessions/" + session + "/file?path=" + Script.EFFECTS);
    return file.ok() ? file.text().lines().toList() : List.of();
  }

  /** Blocks of a session as texts, without what differs from run to run. */
  static List<String> conversation(JsonNode view) throws IOException {
    List<String> lines = new ArrayList<>();
    for (JsonNode block : view.path("blocks")) {
      lines.add(lasting(block).toString());
    }
    for (JsonNode subagent : view.path("subagents")) {
      for (JsonNode block : subagent.path("blocks")) {
        lines.add("subagent: " + lasting(block));
      }
    }
    return lines.stream()
        .map(line -> line.replaceAll("/[^\" ]*/sandbox/[^/\" ]+/[^/\" ]+/workspace", "WORKSPACE"))
        .toList();
  }

  private static JsonNode lasting(JsonNode node) {
    JsonNode copy = node.deepCopy();
    strip(copy);
    return copy;
  }

  private static void strip(JsonNode node) {
    if (node instanceof ObjectNode object) {
      object.remove(PASSING);
      object.forEach(StoryTeller::strip);
    } else if (node instanceof ArrayNode array) {
      StreamSupport.stream(array.spliterator(), false).forEach(StoryTeller::strip);
    }
  }
}
