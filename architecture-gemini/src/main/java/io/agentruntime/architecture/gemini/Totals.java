// SPDX-License-Identifier: MIT

package io.agentruntime.architecture.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import io.agentruntime.architecture.support.json.Json;
import io.agentruntime.architecture.support.protocol.Emitter;
import io.agentruntime.model.conversation.ConversationMetadata;
import io.agentruntime.model.event.SessionEvent.MetadataUpdated;
import io.agentruntime.model.turn.Usage;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the session has used, subagents included. Confined to its owner. */
final class Totals {
  private Usage usage;
  private @Nullable String model;
  private boolean changed;

  Totals(ConversationMetadata before, Map<String, Object> snapshot) {
    usage = before.usage() == null ? Usage.NONE : before.usage();
    model = before.model();
    if (snapshot.containsKey("inputTokens")) {
      usage =
          new Usage(
              number(snapshot, "inputTokens"),
              number(snapshot, "outputTokens"),
              number(snapshot, "cacheReadTokens"),
              0);
      model = snapshot.get("model") instanceof String name ? name : null;
    }
  }

  private static long number(Map<String, Object> map, String key) {
    return map.get(key) instanceof Number number ? number.longValue() : 0;
  }

  void snapshot(Map<String, Object> into) {
    into.put("inputTokens", usage.inputTokens());
    into.put("outputTokens", usage.outputTokens());
    into.put("cacheReadTokens", usage.cacheReadTokens());
    if (model != null) {
      into.put("model", model);
    }
  }

  @Nullable String model() {
    return model;
  }

  /** Adds what one message took; thoughts are tokens that were written. */
  void add(JsonNode tokens, String messageModel) {
    changed = true;
    long cached = Json.numberOr(tokens, "cached", 0);
    usage =
        usage.plus(
            new Usage(
                Math.max(0, Json.numberOr(tokens, "input", 0) - cached),
                Json.numberOr(tokens, "output", 0) + Json.numberOr(tokens, "thoughts", 0),
                cached,
                0));
    if (!messageModel.isEmpty()) {
      model = messageModel;
    }
  }

  /** Tells of what was added since the last time. */
  void report(Emitter out) {
    if (changed) {
      changed = false;
      out.main(new MetadataUpdated(new ConversationMetadata(usage, null, model)));
    }
  }
}
