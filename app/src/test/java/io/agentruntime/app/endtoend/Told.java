// SPDX-License-Identifier: MIT

package io.agentruntime.app.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import io.agentruntime.app.endtoend.SocketClient.Seen;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a client was told, whatever its dialect.
 *
 * @param what the kind of news
 * @param type the block's type, or the sandbox's status
 * @param id the block's id
 * @param text the delta's text or the block's content
 */
record Told(String what, String type, String id, String text) {
  private static final String BEGUN = "begun";
  private static final String GROWN = "grown";
  private static final String COMPLETE = "complete";
  private static final String SANDBOX = "sandbox";
  private static final String USAGE = "usage";

  /** News in the flat dialect. */
  static List<Told> flat(List<Seen> events) {
    List<Told> told = new ArrayList<>();
    for (Seen event : events) {
      switch (event.name()) {
        case "session:status" -> addSandbox(told, event.payload().at("/runtime"));
        case "session:turn:started", "session:turn:completed" ->
            told.add(of(event.name().replace("session:turn:", "turn ")));
        case "session:block:start" -> told.add(block(BEGUN, event.payload().path("block")));
        case "session:block:complete" -> told.add(block(COMPLETE, event.payload().path("block")));
        case "session:block:delta" -> told.add(delta(event.payload()));
        case "session:metadata:update" -> addUsage(told, event.payload().path("metadata"));
        case "session:file:created" -> told.add(file(event.payload().path("file")));
        default -> {
          // Not compared.
        }
      }
    }
    return told;
  }

  /** News in the unified dialect. */
  static List<Told> unified(List<Seen> events) {
    List<Told> told = new ArrayList<>();
    for (Seen event : events) {
      JsonNode payload = event.payload().path("payload");
      switch (event.text("/type")) {
        case "status" -> addSandbox(told, payload.path("runtime"));
        case "query:started", "query:completed" ->
            told.add(of(event.text("/type").replace("query:", "turn ")));
        case "block:upsert" -> {
          boolean pending = payload.at("/block/status").asText().equals("pending");
          told.add(block(pending ? BEGUN : COMPLETE, payload.path("block")));
        }
        case "block:delta" -> told.add(delta(payload));
        case "metadata:update" -> addUsage(told, payload.path("metadata"));
        case "file:created" -> told.add(file(payload.path("file")));
        default -> {
          // Not compared.
        }
      }
    }
    return told;
  }

  private static Told of(String what) {
    return new Told(what, "", "", "");
  }

  private static Told block(String what, JsonNode block) {
    return new Told(
        what,
        block.path("type").asText(),
        block.path("id").asText(),
        block.path("content").asText());
  }

  private static Told delta(JsonNode payload) {
    return new Told(GROWN, "", payload.path("blockId").asText(), payload.path("delta").asText());
  }

  private static Told file(JsonNode file) {
    return new Told("file", file.path("path").asText(), "", file.path("content").asText());
  }

  private static void addSandbox(List<Told> told, JsonNode runtime) {
    String status = runtime.at("/sandbox/status").asText();
    if (!status.isEmpty()) {
      told.add(new Told(SANDBOX, status, "", ""));
    }
  }

  private static void addUsage(List<Told> told, JsonNode metadata) {
    // Not every agent program knows what a turn costs, nor has each model a price.
    if (metadata.at("/usage/totalTokens").asLong() > 0
        && metadata.path("costUSD").asDouble() >= 0) {
      told.add(of(USAGE));
    }
  }

  /** The ids of all complete blocks, in order. */
  static List<String> ids(List<Told> told) {
    return told.stream().filter(t -> t.what().equals(COMPLETE)).map(Told::id).toList();
  }

  /**
   * Requires a whole turn of a new session: thinking, a text, a file written, a command run, a
   * text.
   *
   * @param message what the user said
   */
  static void assertWholeTurn(List<Told> told, String message) {
    // Some programs end a text only when the tool behind it has begun.
    assertThat(told.stream().map(Told::headline).toList())
        .containsSubsequence(
            "sandbox starting",
            "sandbox ready",
            "turn started",
            "complete user_message",
            "begun thinking",
            "begun assistant_text",
            "begun tool_use",
            "complete tool_use",
            "complete tool_result",
            "begun tool_use",
            "complete tool_use",
            "complete tool_result",
            "begun assistant_text",
            "complete assistant_text",
            "turn completed")
        .containsSubsequence(
            "complete user_message",
            "complete thinking",
            "complete assistant_text",
            "complete tool_use",
            "complete tool_result",
            "usage",
            "turn completed");
    assertThat(told)
        .filteredOn(t -> t.headline().equals("complete user_message"))
        .extracting(Told::text)
        .containsExactly(message);
    assertThat(told)
        .filteredOn(t -> t.what().equals("file"))
        .extracting(Told::type, Told::text)
        .containsExactly(tuple("notes/hello.txt", "hello\n"));
    assertEachBlockIsWhole(told);
  }

  /** Requires that each block began, grew into what it is at its end, and ended once. */
  static void assertEachBlockIsWhole(List<Told> told) {
    Map<String, List<Told>> blocks = new LinkedHashMap<>();
    for (Told t : told) {
      if (!t.id().isEmpty()) {
        blocks.computeIfAbsent(t.id(), id -> new ArrayList<>()).add(t);
      }
    }
    blocks.forEach(
        (id, story) -> {
          Told last = story.getLast();
          assertThat(last.what()).as("the last news of %s", id).isEqualTo(COMPLETE);
          assertThat(story.stream().filter(t -> t.what().equals(COMPLETE))).as(id).hasSize(1);
          StringBuilder grown = new StringBuilder();
          story.stream().filter(t -> t.what().equals(GROWN)).forEach(t -> grown.append(t.text()));
          if (last.type().equals("assistant_text") || last.type().equals("thinking")) {
            assertThat(grown.toString()).as("the deltas of %s", id).isEqualTo(last.text());
            assertThat(story.getFirst().what()).isEqualTo(BEGUN);
          }
        });
  }

  private String headline() {
    return type.isEmpty() ? what : what + " " + type;
  }
}
