// SPDX-License-Identifier: MIT

package io.agentruntime.architecture.gemini;

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
import org.jspecify.annotations.Nullable;

/**
 * The program's transcripts: its chat files, JSON lines in a folder named after the workspace. As
 * one text: {@code {"main", "subagents": [{"id", "transcript"}]}}.
 */
final class GeminiTranscripts implements TranscriptCodec {
  @Override
  public TranscriptSource source(SessionId id, @Nullable String nativeId, SandboxPaths paths) {
    // Before the program has opened a session there is nothing to keep.
    List<String> globs =
        nativeId == null
            ? List.of()
            : List.of(
                "*/chats/session-*-" + ChatFiles.shortened(nativeId) + ".jsonl",
                "*/chats/" + nativeId + "/*.jsonl");
    return new TranscriptSource.Files(new GeminiPaths(paths).projects(), globs);
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
    StringBuilder main = new StringBuilder();
    List<Map<String, Object>> subagents = new ArrayList<>();
    for (TranscriptEntry entry : transcript.entries()) {
      if (ChatFiles.isMain(entry.name())) {
        main.append(entry.content());
      }
      ChatFiles.subagent(entry.name())
          .ifPresent(
              subagent -> {
                Map<String, Object> one = new LinkedHashMap<>();
                one.put("id", subagent);
                one.put("transcript", entry.content());
                subagents.add(one);
              });
    }
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("main", main.toString());
    all.put("subagents", subagents);
    return new StoredTranscript(Json.write(all), Map.of());
  }

  @Override
  public Transcript fromStored(SessionId id, StoredTranscript stored) {
    if (stored.raw().isBlank()) {
      return Transcript.EMPTY;
    }
    JsonNode root = Json.object(stored.raw()).orElse(Json.MAPPER.createObjectNode());
    boolean combined = root.has("main");
    String main = combined ? Json.textOr(root, "main", "") : stored.raw();
    String nativeId = nativeId(main, id);
    List<TranscriptEntry> entries = new ArrayList<>();
    entries.add(new TranscriptEntry(ChatFiles.main(nativeId), main));
    for (JsonNode subagent : root.path("subagents")) {
      String name = Json.textOr(subagent, "id", "");
      if (name.matches("[A-Za-z0-9_-]{1,100}")) {
        entries.add(
            new TranscriptEntry(
                ChatFiles.subagent(nativeId, name), Json.textOr(subagent, "transcript", "")));
      }
    }
    return new Transcript(entries);
  }

  /** The program's id of a session; its first record says it. */
  private static String nativeId(String main, SessionId otherwise) {
    for (String line : main.lines().limit(100).toList()) {
      String found = Json.object(line).map(node -> Json.textOr(node, "sessionId", "")).orElse("");
      if (found.matches("[0-9a-f-]{8,100}")) {
        return found;
      }
    }
    return otherwise.value();
  }
}
