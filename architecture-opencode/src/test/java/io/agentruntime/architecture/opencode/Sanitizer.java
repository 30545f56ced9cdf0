// SPDX-License-Identifier: MIT

package io.agentruntime.architecture.opencode;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.agentruntime.testkit.program.AgentMachine;
import io.agentruntime.testkit.program.JsonWhitelist;
import io.agentruntime.testkit.program.RecordingSanitizer;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Keeps what the architecture reads of what OpenCode writes. */
final class Sanitizer extends RecordingSanitizer {
  private static final Set<String> FIELDS =
      Set.of(
          "about",
          "always",
          "attempt",
          "cache",
          "callID",
          "completed",
          "cost",
          "created",
          "data",
          "delta",
          "diff",
          "end",
          "error",
          "exit",
          "field",
          "finish",
          "id",
          "info",
          "isRetryable",
          "message",
          "messageID",
          "messages",
          "metadata",
          "modelID",
          "name",
          "output",
          "parentID",
          "part",
          "partID",
          "parts",
          "patterns",
          "permission",
          "properties",
          "providerID",
          "read",
          "reasoning",
          "role",
          "session",
          "sessionID",
          "sessionId",
          "start",
          "state",
          "status",
          "statusCode",
          "synthetic",
          "text",
          "time",
          "title",
          "tokens",
          "tool",
          "type",
          "write");

  /** What a tool was given is ours and kept whole; {@code input} is also a number of tokens. */
  private static final JsonWhitelist WHITELIST =
      new JsonWhitelist(FIELDS::contains, Set.of("input"), Map.of());

  Sanitizer(AgentMachine machine) {
    super(machine);
  }

  @Override
  protected Optional<JsonNode> line(ObjectNode line) {
    return Optional.of(cleaned(line));
  }

  @Override
  protected Optional<JsonNode> record(ObjectNode record) {
    return Optional.of(cleaned(record));
  }

  /** Titles name files from the root of all, without the slash. */
  @Override
  protected String withoutPaths(String text) {
    return super.withoutPaths(text).replace(machine.paths().workspace().substring(1), "workspace");
  }

  private static JsonNode cleaned(ObjectNode node) {
    JsonNode clean = WHITELIST.of(node);
    outputs(clean);
    return clean;
  }

  /** Only what commands of ours printed, and subagents said, is kept of what tools tell. */
  private static void outputs(JsonNode node) {
    if (node instanceof ObjectNode object && object.path("state") instanceof ObjectNode state) {
      String tool = object.path("tool").asText();
      if (state.path("metadata") instanceof ObjectNode metadata) {
        metadata.remove("output");
      }
      if (state.has("output") && !tool.equals("bash") && !tool.equals("task")) {
        state.set("output", TextNode.valueOf("(the result of " + tool + ")"));
      }
      if (tool.equals("invalid") && state.path("input") instanceof ObjectNode input) {
        input.remove("error");
      }
      return;
    }
    node.forEach(Sanitizer::outputs);
  }
}
