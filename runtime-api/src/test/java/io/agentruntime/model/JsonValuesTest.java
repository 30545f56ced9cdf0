// SPDX-License-Identifier: MIT

package io.agentruntime.model;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Date;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class JsonValuesTest {
  private static void assertRefused(Object value, String why) {
    Map<String, Object> map = new HashMap<>();
    map.put("key", value);
    AgentRuntimeException refusal =
        catchThrowableOfType(AgentRuntimeException.class, () -> JsonValues.copy(map));
    assertThat(refusal).isNotNull();
    assertThat(refusal.code()).isEqualTo(StandardError.INVALID_ARGUMENT);
    assertThat(refusal).hasMessageContaining(why);
  }

  @Test
  void whatJsonHasIsCopiedInItsOrder() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("z", "text");
    map.put("a", null);
    map.put("numbers", List.of(1, 2L, 3.5, 4.5f, new BigDecimal("1.20"), BigInteger.TEN));
    map.put("nested", Map.of("deep", Arrays.asList(true, null, Map.of())));
    Map<String, Object> copy = JsonValues.copy(map);
    assertThat(copy).isEqualTo(map);
    assertThat(copy.keySet()).containsExactly("z", "a", "numbers", "nested");
  }

  @Test
  void theCopyIsDeepAndCannotBeChanged() {
    List<Object> list = new ArrayList<>(List.of(1));
    Map<String, Object> inner = new HashMap<>(Map.of("list", list));
    Map<String, Object> copy = JsonValues.copy(Map.of("inner", inner));
    list.add(2);
    inner.put("more", 1);
    assertThat(copy).isEqualTo(Map.of("inner", Map.of("list", List.of(1))));
    assertThatThrownBy(() -> copy.put("x", 1)).isInstanceOf(UnsupportedOperationException.class);
    assertThatThrownBy(() -> ((Map<?, ?>) requireNonNull(copy.get("inner"))).clear())
        .isInstanceOf(UnsupportedOperationException.class);
  }

  @Test
  void whatJsonDoesNotHaveIsRefused() {
    assertRefused(new Date(0), "java.util.Date");
    assertRefused(new Object[0], "[Ljava.lang.Object;");
    assertRefused('c', "java.lang.Character");
    assertRefused(Double.NaN, "NaN");
    assertRefused(Double.POSITIVE_INFINITY, "Infinity");
    assertRefused(Float.NEGATIVE_INFINITY, "Infinity");
    assertRefused(new AtomicInteger(1), "AtomicInteger");
    assertRefused(List.of(List.of(new Date(0))), "java.util.Date");
    assertRefused(Map.of(1, "one"), "no key like 1");
    Map<String, Object> nullKey = new HashMap<>();
    nullKey.put(null, 1);
    assertRefused(nullKey, "no key like null");
  }

  @Test
  void endlessNestingIsRefusedBeforeTheStackIs() {
    Map<String, Object> cycle = new HashMap<>();
    cycle.put("self", cycle);
    assertRefused(cycle, "500 deep");
    Object deep = "bottom";
    for (int i = 0; i < JsonValues.MAX_DEPTH - 1; i++) {
      deep = List.of(deep);
    }
    assertThat(JsonValues.copy(Map.of("key", deep))).hasSize(1);
    assertRefused(List.of(deep), "500 deep");
  }
}
