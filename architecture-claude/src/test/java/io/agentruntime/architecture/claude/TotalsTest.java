// SPDX-License-Identifier: MIT

package io.agentruntime.architecture.claude;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.agentruntime.architecture.support.json.Json;
import io.agentruntime.model.conversation.ConversationMetadata;
import java.math.BigDecimal;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TotalsTest {
  private final Totals totals = new Totals(ConversationMetadata.EMPTY, Map.of());

  @ParameterizedTest
  @CsvSource({
    "0.0123000000001, 0.0123",
    "0.010799999999999999, 0.0108",
    "0.0123456, 0.012346",
    "0.000001, 0.000001",
    "0.0000004, 0",
    "30, 30",
    "0, 0"
  })
  void aCostIsToldToTheMillionthOfADollar(String reported, String told) throws Exception {
    assertThat(cost(totals.add(result(reported)))).isEqualTo(told);
    assertThat(cost(Totals.stored(json("{\"totalCostUSD\":" + reported + "}"), null)))
        .isEqualTo(told);
  }

  @Test
  void whatIsTooLittleToBeToldIsNotLost() throws Exception {
    JsonNode tiny =
        json(
            "{\"total_cost_usd\":1,"
                + "\"model_usage_since_last_result\":{\"m\":{\"costUSD\":0.0000004}}}");
    for (int i = 0; i < 9; i++) {
      totals.add(tiny);
    }
    assertThat(cost(totals.add(tiny))).isEqualTo("0.000004");
  }

  @Test
  void theSumOfATurnsCostsIsTheTotalTheProgramStoresWhateverItsNoise() throws Exception {
    // Binary fractions that add up to less than the half that decides how to round.
    double total = 0;
    BigDecimal told = BigDecimal.ZERO;
    for (double part : new double[] {0.0000123, 0.0000082, 0.000025}) {
      total += part;
      told =
          totals
              .add(json("{\"model_usage_since_last_result\":{\"m\":{\"costUSD\":" + part + "}}}"))
              .costUsd();
    }
    assertThat(told)
        .isEqualTo(Totals.stored(json("{\"totalCostUSD\":" + total + "}"), null).costUsd());
  }

  @Test
  void aProgramThatWasStartedAnewAddsToWhatIsKnown() throws Exception {
    ConversationMetadata before = totals.add(result("0.25"));
    Totals resumed = new Totals(before, Map.of());
    assertThat(cost(resumed.add(result("0.5")))).isEqualTo("0.75");
  }

  private static JsonNode result(String cost) throws Exception {
    return json("{\"total_cost_usd\":" + cost + "}");
  }

  private static JsonNode json(String text) throws Exception {
    return Json.MAPPER.readTree(text);
  }

  private static String cost(ConversationMetadata metadata) {
    return String.valueOf(metadata.costUsd());
  }
}
