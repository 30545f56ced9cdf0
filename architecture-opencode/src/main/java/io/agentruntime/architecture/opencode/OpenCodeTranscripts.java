// SPDX-License-Identifier: MIT

package io.agentruntime.architecture.opencode;

import com.fasterxml.jackson.databind.JsonNode;
import io.agentruntime.architecture.support.json.Json;
import io.agentruntime.model.conversation.Conversation;
import io.agentruntime.model.session.SessionId;
import io.agentruntime.model.transcript.StoredTranscript;
import io.agentruntime.model.transcript.Transcript;
import io.agentruntime.model.transcript.TranscriptEntry;
import io.agentruntime.spi.architecture.TranscriptCodec;
import io.agentruntime.spi.architecture.TranscriptSource;
import io.agentruntime.spi.sandbox.SandboxPaths;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The program's transcripts: the session and each subagent's session as the program exports them,
 * one JSON file each. As one text: {@code {"main", "subagents": [{"id", "transcript"}]}}.
 */
final class OpenCodeTranscripts implements TranscriptCodec {
  private static final Pattern ID = Pattern.compile("[A-Za-z0-9_-]{1,100}");
  private static final String ENDING = ".json";

  @Override
  public TranscriptSource source(SessionId id, @Nullable String nativeId, SandboxPaths paths) {
    return new TranscriptSource.Files(
        new OpenCodePaths(paths).transcripts(),
        List.of(OpenCodePaths.MAIN, OpenCodePaths.SUBAGENTS + "*" + ENDING));
  }

  @Override
  public Conversation decode(Transcript transcript) {
    return new TranscriptDecoder().decode(transcript);
  }

  @Override
  public StoredTranscript toStored(Transcript transcript) {
    if (transcript.isEmpty()) {
      return new StoredTranscript("", Map.of());
    }
    String main = "";
    List<Map<String, Object>> subagents = new ArrayList<>();
    for (TranscriptEntry entry : transcript.entries()) {
      String name = entry.name();
      if (name.equals(OpenCodePaths.MAIN)) {
        main = entry.content();
      } else if (name.startsWith(OpenCodePaths.SUBAGENTS) && name.endsWith(ENDING)) {
        Map<String, Object> one = new LinkedHashMap<>();
        one.put(
            "id",
            name.substring(OpenCodePaths.SUBAGENTS.length(), name.length() - ENDING.length()));
        one.put("transcript", entry.content());
        subagents.add(one);
      }
    }
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("main", main);
    all.put("subagents", subagents);
    return new StoredTranscript(Json.write(all), Map.of());
  }

  @Override
  public Transcript fromStored(SessionId id, StoredTranscript stored) {
    if (stored.raw().isBlank()) {
      return Transcript.EMPTY;
    }
    JsonNode root = Json.object(stored.raw()).orElse(Json.MAPPER.createObjectNode());
    boolean combined = root.path("main").isTextual();
    List<TranscriptEntry> entries = new ArrayList<>();
    entries.add(
        new TranscriptEntry(
            OpenCodePaths.MAIN, combined ? Json.textOr(root, "main", "") : stored.raw()));
    for (JsonNode subagent : root.path("subagents")) {
      String name = Json.textOr(subagent, "id", "");
      if (ID.matcher(name).matches()) {
        entries.add(
            new TranscriptEntry(
                OpenCodePaths.SUBAGENTS + name + ENDING, Json.textOr(subagent, "transcript", "")));
      }
    }
    return new Transcript(entries);
  }
}
