// SPDX-License-Identifier: MIT

package io.agentruntime.architecture.acp;

import com.fasterxml.jackson.databind.JsonNode;
import io.agentruntime.architecture.support.json.Json;
import io.agentruntime.architecture.support.protocol.Emitter;
import io.agentruntime.architecture.support.protocol.UsageState;
import io.agentruntime.model.conversation.ConversationMetadata;
import io.agentruntime.model.event.SessionEvent.MetadataUpdated;
import io.agentruntime.model.turn.Usage;
import java.math.BigDecimal;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the session has used. Programs tell tokens per turn, and cost as the sum of the session that
 * they know: of a session that was begun anew it counts on top of what was spent before. Confined
 * to its conversation.
 */
final class Totals {
  private Usage usage;
  private @Nullable BigDecimal cost;
  private BigDecimal spentBefore = BigDecimal.ZERO;
  private final @Nullable String model;

  Totals(ConversationMetadata before, Map<String, Object> snapshot) {
    usage = before.usage() == null ? Usage.NONE : before.usage();
    cost = before.costUsd();
    model = before.model();
    if (snapshot.containsKey("inputTokens")) {
      usage = UsageState.read(snapshot);
      cost = amount(snapshot.get("cost"));
      BigDecimal known = amount(snapshot.get("spentBefore"));
      spentBefore = known == null ? BigDecimal.ZERO : known;
    }
  }

  private static @Nullable BigDecimal amount(@Nullable Object text) {
    return text instanceof String digits ? new BigDecimal(digits) : null;
  }

  /** A session is open: one that the program knows, or one that begins. */
  void opened(boolean continued) {
    spentBefore = continued || cost == null ? BigDecimal.ZERO : cost;
  }

  void snapshot(Map<String, Object> into) {
    UsageState.write(usage, into);
    if (cost != null) {
      into.put("cost", cost.toString());
    }
    into.put("spentBefore", spentBefore.toString());
  }

  @Nullable String model() {
    return model;
  }

  /** The sum so far; in another currency it is not told, since nothing here converts. */
  void spent(JsonNode update, Emitter out) {
    JsonNode amount = update.path("cost").path("amount");
    if (amount.isNumber() && Json.textOr(update.path("cost"), "currency", "USD").equals("USD")) {
      BigDecimal now = spentBefore.add(amount.decimalValue());
      if (cost == null || now.compareTo(cost) != 0) {
        cost = now;
        out.main(new MetadataUpdated(new ConversationMetadata(null, cost, null)));
      }
    }
  }

  /** What a turn took; thoughts are tokens that were written. */
  void used(JsonNode result, Emitter out) {
    JsonNode tokens = result.path("usage");
    JsonNode quota = result.path("_meta").path("quota").path("token_count");
    Usage turn = Usage.NONE;
    if (tokens.isObject()) {
      turn =
          new Usage(
              Json.numberOr(tokens, "inputTokens", 0),
              Json.numberOr(tokens, "outputTokens", 0) + Json.numberOr(tokens, "thoughtTokens", 0),
              Json.numberOr(tokens, "cachedReadTokens", 0),
              Json.numberOr(tokens, "cachedWriteTokens", 0));
    } else if (quota.isObject()) {
      turn =
          new Usage(
              Json.numberOr(quota, "input_tokens", 0),
              Json.numberOr(quota, "output_tokens", 0),
              0,
              0);
    }
    if (!turn.equals(Usage.NONE)) {
      usage = usage.plus(turn);
      out.main(new MetadataUpdated(new ConversationMetadata(usage, null, null)));
    }
  }
}
