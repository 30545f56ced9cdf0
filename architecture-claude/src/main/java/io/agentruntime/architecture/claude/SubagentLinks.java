// SPDX-License-Identifier: MIT

package io.agentruntime.architecture.claude;

import com.fasterxml.jackson.databind.JsonNode;
import io.agentruntime.architecture.support.json.Json;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which subagent belongs to which tool use: as the file beside its transcript says; else as the
 * tool's result says; else by what it was told. Confined to one decoding.
 */
final class SubagentLinks {
  private final List<String> calls = new ArrayList<>();
  private final Map<String, String> toolUseByAgent = new HashMap<>();
  private final Map<String, Deque<String>> toolUsesByPrompt = new HashMap<>();
  private final Map<String, String> agentByToolUse = new HashMap<>();

  /** The file beside a subagent's transcript. */
  void described(String agentId, String meta) {
    Json.object(meta)
        .map(node -> Json.text(node, "toolUseId"))
        .ifPresent(toolUseId -> link(agentId, toolUseId));
  }

  /** A block of the model: it may start a subagent. */
  void called(JsonNode content) {
    String toolUseId = Json.text(content, "id");
    String prompt = Json.text(content.path("input"), "prompt");
    if (toolUseId == null || !Native.startsSubagent(Json.textOr(content, "name", ""))) {
      return;
    }
    calls.add(toolUseId);
    if (prompt != null) {
      toolUsesByPrompt.computeIfAbsent(prompt, each -> new ArrayDeque<>()).add(toolUseId);
    }
  }

  /** The tool uses that started subagents, in the order in which they were decoded; grows. */
  List<String> calls() {
    return Collections.unmodifiableList(calls);
  }

  /** A tool's result: it may tell which subagent it was. */
  void answered(JsonNode result, JsonNode structured) {
    String agentId = Json.text(structured, "agentId");
    String toolUseId = Json.text(result, "tool_use_id");
    if (agentId != null && toolUseId != null) {
      link(TranscriptNames.agentId(agentId), toolUseId);
    }
  }

  private void link(String agentId, String toolUseId) {
    toolUseByAgent.putIfAbsent(agentId, toolUseId);
    agentByToolUse.putIfAbsent(toolUseId, agentId);
  }

  /** The subagent that a tool use started, as far as it is known by then. */
  @Nullable String agentOf(String toolUseId) {
    return agentByToolUse.get(toolUseId);
  }

  @Nullable String toolUseOf(String agentId) {
    return toolUseByAgent.get(agentId);
  }

  /** The first tool use with this prompt that no subagent belongs to yet. */
  @Nullable String toolUseTold(String agentId, @Nullable String prompt) {
    Deque<String> candidates = prompt == null ? null : toolUsesByPrompt.get(prompt);
    while (candidates != null && !candidates.isEmpty()) {
      String toolUseId = candidates.removeFirst();
      if (!agentByToolUse.containsKey(toolUseId)) {
        link(agentId, toolUseId);
        return toolUseId;
      }
    }
    return null;
  }

  /** What a subagent was told, from the first record of its transcript. */
  static @Nullable String promptOf(String content) {
    int end = content.indexOf('\n');
    Optional<TranscriptRecord> first =
        TranscriptRecord.read(content, 0, end < 0 ? content.length() : end);
    return first
        .filter(record -> record.type().equals("user"))
        .map(record -> Native.plainText(record.fields().path("message").path("content")))
        .orElse(null);
  }
}
