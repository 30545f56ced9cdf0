// SPDX-License-Identifier: MIT

package io.agentruntime.support.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentruntime.model.session.SessionId;
import io.agentruntime.model.session.SessionRecord;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class RecordMapsTest {
  private static final Instant AT = Instant.parse("2026-01-31T12:34:56.123456789Z");
  private static final SessionRecord FULL =
      new SessionRecord(
          new SessionId("s-1"),
          "claude-sdk",
          "default",
          Map.of("model", "x"),
          AT,
          AT.plusNanos(1),
          "Ünï \uD83D\uDE80",
          Map.of("owner", Map.of("id", 7)),
          "docker");
  private static final SessionRecord BARE =
      new SessionRecord(
          new SessionId("s-1"), "opencode", "p", Map.of(), AT, null, null, Map.of(), null);

  @Test
  void aRecordComesBackAsItWas() {
    assertThat(RecordMaps.read(RecordMaps.write(FULL))).isEqualTo(FULL);
    assertThat(RecordMaps.read(RecordMaps.write(BARE))).isEqualTo(BARE);
  }

  @Test
  void timesAreReadFromMillisecondsToo() {
    Map<String, Object> map = new LinkedHashMap<>(RecordMaps.write(BARE));
    map.put("createdAt", 1_700_000_000_123L);
    assertThat(RecordMaps.read(map).createdAt())
        .isEqualTo(Instant.ofEpochMilli(1_700_000_000_123L));
  }

  @Test
  void whatIsMissingIsNamed() {
    for (String field : new String[] {"sessionId", "type", "agentProfileReference", "createdAt"}) {
      Map<String, Object> map = new LinkedHashMap<>(RecordMaps.write(FULL));
      map.remove(field);
      assertThatThrownBy(() -> RecordMaps.read(map)).hasMessageContaining(field);
    }
  }
}
