// SPDX-License-Identifier: MIT

package io.agentruntime.architecture.claude;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.agentruntime.architecture.support.json.Json;
import java.io.IOException;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One line of a transcript, with those fields that count.
 *
 * <p>Most of a transcript is not conversation: prompts, tool schemas and requests. Such lines are
 * left as soon as their type is known, and large fields that do not count are skipped, not built.
 *
 * @param type the record's type
 * @param fields the fields that count
 */
record TranscriptRecord(String type, JsonNode fields) {
  private static final Set<String> TYPES =
      Set.of("user", "assistant", "attachment", "system", "cost-state");
  private static final Set<String> WANTED =
      Set.of(
          "agentId",
          "apiBlockIndex",
          "apiErrorType",
          "compactMetadata",
          "error",
          "isApiErrorMessage",
          "isCompactSummary",
          "isMeta",
          "isSidechain",
          "message",
          "modelUsage",
          "origin",
          "promptSource",
          "sourceToolUseID",
          "subtype",
          "timestamp",
          "toolUseResult",
          "totalCostUSD",
          "uuid");

  /** The record in a line; empty when the line holds none that counts. */
  static Optional<TranscriptRecord> read(String text, int from, int to) {
    try (JsonParser parser = Json.parser(text, from, to - from)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return Optional.empty();
      }
      return fields(parser);
    } catch (IOException notJson) {
      return Optional.empty();
    }
  }

  private static Optional<TranscriptRecord> fields(JsonParser parser) throws IOException {
    ObjectNode fields = Json.MAPPER.createObjectNode();
    @Nullable String type = null;
    for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
      JsonToken token = parser.nextToken();
      if (name.equals("type") && token == JsonToken.VALUE_STRING) {
        type = parser.getText();
        if (!TYPES.contains(type)) {
          return Optional.empty();
        }
      } else if (WANTED.contains(name)) {
        fields.set(name, Json.MAPPER.<JsonNode>readTree(parser));
      } else if (name.equals("attachment")) {
        attachment(parser, fields);
      } else {
        parser.skipChildren();
      }
    }
    return type == null ? Optional.empty() : Optional.of(new TranscriptRecord(type, fields));
  }

  /** The one kind of attachment that counts begins with its type. */
  private static void attachment(JsonParser parser, ObjectNode fields) throws IOException {
    if (!parser.isExpectedStartObjectToken()) {
      parser.skipChildren();
      return;
    }
    ObjectNode attachment = Json.MAPPER.createObjectNode();
    for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
      parser.nextToken();
      switch (name) {
        case "type", "source_uuid", "commandMode", "prompt" ->
            attachment.set(name, Json.MAPPER.<JsonNode>readTree(parser));
        default -> parser.skipChildren();
      }
    }
    fields.set("attachment", attachment);
  }

  /** When it was written, if it says so. */
  @Nullable Instant at() {
    String text = Json.text(fields, "timestamp");
    try {
      return text == null ? null : Instant.parse(text);
    } catch (DateTimeParseException malformed) {
      return null;
    }
  }
}
