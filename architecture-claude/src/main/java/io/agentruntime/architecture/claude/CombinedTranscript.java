// SPDX-License-Identifier: MIT

package io.agentruntime.architecture.claude;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import io.agentruntime.architecture.support.json.Json;
import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import io.agentruntime.model.transcript.StoredTranscript;
import io.agentruntime.model.transcript.Transcript;
import io.agentruntime.model.transcript.TranscriptEntry;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * A transcript as one text: {@code {"main", "subagents": [{"id", "transcript"}]}}, the form of the
 * reference implementation. Further files stand under {@code files}, which others ignore.
 */
final class CombinedTranscript {
  private static final Pattern SAFE_NAME =
      Pattern.compile("(?!.*(?:^|/)\\.{1,2}(?:/|$))[^/\\x00]+(?:/[^/\\x00]+)*");

  private CombinedTranscript() {}

  static StoredTranscript write(Transcript transcript) {
    if (transcript.isEmpty()) {
      return new StoredTranscript("", Map.of());
    }
    StringWriter text = new StringWriter();
    try (JsonGenerator json = Json.MAPPER.getFactory().createGenerator(text)) {
      json.writeStartObject();
      json.writeStringField("main", main(transcript));
      json.writeArrayFieldStart("subagents");
      for (TranscriptEntry entry : transcript.entries()) {
        String agent = TranscriptNames.agentOf(entry.name()).orElse(null);
        if (agent != null) {
          json.writeStartObject();
          json.writeStringField("id", "agent-" + agent);
          json.writeStringField("transcript", entry.content());
          json.writeEndObject();
        }
      }
      json.writeEndArray();
      writeFiles(json, transcript);
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory cannot fail", e);
    }
    return new StoredTranscript(text.toString(), Map.of());
  }

  private static String main(Transcript transcript) {
    return transcript.entries().stream()
        .filter(entry -> TranscriptNames.isMain(entry.name()))
        .map(TranscriptEntry::content)
        .findFirst()
        .orElse("");
  }

  private static void writeFiles(JsonGenerator json, Transcript transcript) throws IOException {
    List<TranscriptEntry> files =
        transcript.entries().stream()
            .filter(
                entry ->
                    !TranscriptNames.isMain(entry.name())
                        && TranscriptNames.agentOf(entry.name()).isEmpty())
            .toList();
    if (files.isEmpty()) {
      return;
    }
    json.writeArrayFieldStart("files");
    for (TranscriptEntry entry : files) {
      json.writeStartObject();
      json.writeStringField("name", TranscriptNames.withoutProject(entry.name()));
      json.writeStringField("content", entry.content());
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  static Transcript read(String nativeId, StoredTranscript stored) {
    Map<String, TranscriptEntry> entries = new LinkedHashMap<>();
    if (isCombined(stored.raw())) {
      combined(nativeId, stored.raw(), entries);
    } else if (!stored.raw().isBlank()) {
      put(TranscriptNames.main(nativeId), stored.raw(), entries);
    }
    stored.subagents().forEach((id, text) -> putSubagent(nativeId, id, text, entries));
    return new Transcript(new ArrayList<>(entries.values()));
  }

  /** The first line of the native form is an object too, but begins otherwise. */
  private static boolean isCombined(String raw) {
    try (JsonParser parser = Json.MAPPER.getFactory().createParser(raw)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return false;
      }
      String first = parser.nextFieldName();
      return "main".equals(first) || "subagents".equals(first);
    } catch (IOException notJson) {
      return false;
    }
  }

  private static void combined(String nativeId, String raw, Map<String, TranscriptEntry> entries) {
    JsonNode root =
        Json.object(raw)
            .orElseThrow(
                () ->
                    new AgentRuntimeException(
                        StandardError.STORE_CORRUPT,
                        "the stored transcript of session " + nativeId + " is cut off"));
    String main = Json.textOr(root, "main", "");
    if (!main.isEmpty()) {
      put(TranscriptNames.main(nativeId), main, entries);
    }
    for (JsonNode subagent : root.path("subagents")) {
      putSubagent(
          nativeId,
          Json.textOr(subagent, "id", ""),
          Json.textOr(subagent, "transcript", ""),
          entries);
    }
    for (JsonNode file : root.path("files")) {
      String name = Json.textOr(file, "name", "");
      if (SAFE_NAME.matcher(name).matches()) {
        put(TranscriptNames.withoutProject(name), Json.textOr(file, "content", ""), entries);
      }
    }
  }

  private static void putSubagent(
      String nativeId, String id, String text, Map<String, TranscriptEntry> entries) {
    String agentId = Native.id(TranscriptNames.agentId(id));
    if (!text.isEmpty()) {
      put(TranscriptNames.subagent(nativeId, agentId), text, entries);
    }
  }

  private static void put(String name, String text, Map<String, TranscriptEntry> entries) {
    entries.put(name, new TranscriptEntry(name, text));
  }
}
