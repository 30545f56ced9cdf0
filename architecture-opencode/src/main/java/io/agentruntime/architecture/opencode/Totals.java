// SPDX-License-Identifier: MIT

package io.agentruntime.architecture.opencode;

import com.fasterxml.jackson.databind.JsonNode;
import io.agentruntime.architecture.support.json.Json;
import io.agentruntime.architecture.support.protocol.UsageState;
import io.agentruntime.model.conversation.ConversationMetadata;
import io.agentruntime.model.turn.Usage;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the session has used and cost, subagents included. Confined to its owner. */
final class Totals {
  /** The program adds up binary fractions; its noise is far behind these. */
  private static final int EXACT_DIGITS = 12;

  private Usage usage;
  private BigDecimal cost;
  private @Nullable String model;
  private boolean known;

  Totals(ConversationMetadata before, Map<String, Object> snapshot) {
    usage = before.usage() == null ? Usage.NONE : before.usage();
    cost = before.costUsd() == null ? BigDecimal.ZERO : before.costUsd();
    model = before.model();
    if (snapshot.get("cost") instanceof String spent) {
      cost = new BigDecimal(spent);
      model = snapshot.get("model") instanceof String name ? name : null;
      usage = UsageState.read(snapshot);
    }
    known = before.usage() != null || usage.outputTokens() > 0;
  }

  void snapshot(Map<String, Object> into) {
    into.put("cost", cost.toPlainString());
    UsageState.write(usage, into);
    if (model != null) {
      into.put("model", model);
    }
  }

  /** The model that answers from now on. */
  void model(String name) {
    model = name;
  }

  /** Adds what one call of the model took; thoughts are tokens that were written. */
  void add(JsonNode stepFinish) {
    known = true;
    JsonNode tokens = stepFinish.path("tokens");
    JsonNode cache = tokens.path("cache");
    usage =
        usage.plus(
            new Usage(
                Json.numberOr(tokens, "input", 0),
                Json.numberOr(tokens, "output", 0) + Json.numberOr(tokens, "reasoning", 0),
                Json.numberOr(cache, "read", 0),
                Json.numberOr(cache, "write", 0)));
    JsonNode spent = stepFinish.path("cost");
    if (spent.isNumber()) {
      cost = cost.add(spent.decimalValue().setScale(EXACT_DIGITS, RoundingMode.HALF_UP));
    }
  }

  /** What is known. */
  ConversationMetadata metadata() {
    return known
        ? new ConversationMetadata(usage, shown(), model)
        : new ConversationMetadata(null, null, model);
  }

  private BigDecimal shown() {
    BigDecimal plain = cost.stripTrailingZeros();
    return plain.scale() < 0 ? plain.setScale(0) : plain;
  }
}
