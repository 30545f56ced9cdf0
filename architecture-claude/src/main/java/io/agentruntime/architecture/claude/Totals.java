// SPDX-License-Identifier: MIT

package io.agentruntime.architecture.claude;

import com.fasterxml.jackson.databind.JsonNode;
import io.agentruntime.architecture.support.json.Json;
import io.agentruntime.architecture.support.protocol.UsageState;
import io.agentruntime.model.conversation.ConversationMetadata;
import io.agentruntime.model.turn.Usage;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the session has used and cost, subagents included.
 *
 * <p>The program's own totals are lost when it is killed, because it stores them only when it ends.
 * So each result's increase is added to what was known before.
 *
 * <p>Confined to its protocol.
 */
final class Totals {
  /** A millionth of a dollar: what a token of the cheapest models costs. */
  private static final int SHOWN_DIGITS = 6;

  /** The program adds up binary fractions; its noise is far behind these. */
  private static final int EXACT_DIGITS = 12;

  private Usage usage;
  private BigDecimal cost;
  private BigDecimal lastNativeCost;
  private @Nullable String model;

  Totals(ConversationMetadata before, Map<String, Object> snapshot) {
    model = before.model();
    usage = before.usage() == null ? Usage.NONE : before.usage();
    cost = before.costUsd() == null ? BigDecimal.ZERO : before.costUsd();
    lastNativeCost = BigDecimal.ZERO;
    if (snapshot.get("cost") instanceof String known) {
      cost = new BigDecimal(known);
      lastNativeCost = new BigDecimal(String.valueOf(snapshot.get("lastNativeCost")));
      model = snapshot.get("model") instanceof String name ? name : null;
      usage = UsageState.read(snapshot);
    }
  }

  void snapshot(Map<String, Object> into) {
    into.put("cost", cost.toPlainString());
    into.put("lastNativeCost", lastNativeCost.toPlainString());
    UsageState.write(usage, into);
    if (model != null) {
      into.put("model", model);
    }
  }

  /** The model that answers from now on; returns whether it is another one. */
  boolean model(String name) {
    boolean changed = !name.equals(model);
    model = name;
    return changed;
  }

  /** Adds what a result reports. */
  ConversationMetadata add(JsonNode result) {
    BigDecimal nativeCost = decimal(result.path("total_cost_usd"));
    JsonNode increase = result.path("model_usage_since_last_result");
    if (increase.isObject()) {
      for (JsonNode each : increase) {
        usage = usage.plus(ofModel(each));
        cost = cost.add(decimal(each.path("costUSD")));
      }
    } else {
      usage = usage.plus(ofTurn(result.path("usage")));
      cost = cost.add(nativeCost.subtract(lastNativeCost).max(BigDecimal.ZERO));
    }
    lastNativeCost = nativeCost;
    return new ConversationMetadata(usage, shown(cost), model);
  }

  private static BigDecimal decimal(JsonNode node) {
    return node.isNumber()
        ? node.decimalValue().setScale(EXACT_DIGITS, RoundingMode.HALF_UP)
        : BigDecimal.ZERO;
  }

  private static BigDecimal shown(BigDecimal cost) {
    BigDecimal rounded = cost.setScale(SHOWN_DIGITS, RoundingMode.HALF_UP).stripTrailingZeros();
    return rounded.scale() < 0 ? rounded.setScale(0) : rounded;
  }

  private static Usage ofModel(JsonNode node) {
    return new Usage(
        Json.numberOr(node, "inputTokens", 0),
        Json.numberOr(node, "outputTokens", 0),
        Json.numberOr(node, "cacheReadInputTokens", 0),
        Json.numberOr(node, "cacheCreationInputTokens", 0));
  }

  /** Usage as the model API spells it. */
  static Usage ofTurn(JsonNode node) {
    return new Usage(
        Json.numberOr(node, "input_tokens", 0),
        Json.numberOr(node, "output_tokens", 0),
        Json.numberOr(node, "cache_read_input_tokens", 0),
        Json.numberOr(node, "cache_creation_input_tokens", 0));
  }

  /** Totals as a transcript keeps them when the program ended cleanly. */
  static ConversationMetadata stored(JsonNode costState, @Nullable String model) {
    Usage sum = Usage.NONE;
    for (JsonNode each : costState.path("modelUsage")) {
      sum = sum.plus(ofModel(each));
    }
    return new ConversationMetadata(sum, shown(decimal(costState.path("totalCostUSD"))), model);
  }
}
