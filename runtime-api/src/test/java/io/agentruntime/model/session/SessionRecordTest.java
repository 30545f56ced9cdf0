// SPDX-License-Identifier: MIT

package io.agentruntime.model.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class SessionRecordTest {
  private static final Instant AT = Instant.parse("2026-01-01T00:00:00Z");
  private static final SessionRecord SESSION =
      new SessionRecord(
          new SessionId("s"), "a", "p", Map.of("x", 1), AT, null, "n", Map.of("m", 1), "docker");

  @Test
  void anUpdateChangesOnlyWhatItNames() {
    assertThat(SESSION.with(new SessionUpdate(null, null, null, null))).isEqualTo(SESSION);
    SessionRecord active = SESSION.with(SessionUpdate.activity(AT));
    assertThat(active.lastActivity()).isEqualTo(AT);
    assertThat(active.options()).isEqualTo(SESSION.options());
    assertThat(SESSION.with(SessionUpdate.options(Map.of("y", 2))).options())
        .isEqualTo(Map.of("y", 2));
    assertThat(SESSION.with(new SessionUpdate(null, null, "new", Map.of())))
        .isEqualTo(
            new SessionRecord(
                SESSION.id(), "a", "p", Map.of("x", 1), AT, null, "new", Map.of(), "docker"));
  }

  @Test
  void whatWasGivenMayChangeAfterwards() {
    Map<String, Object> options = new HashMap<>(Map.of("x", 1));
    SessionRecord session =
        new SessionRecord(new SessionId("s"), "a", "p", options, AT, null, null, Map.of(), null);
    options.put("x", 2);
    assertThat(session.options()).isEqualTo(Map.of("x", 1));
  }
}
