// SPDX-License-Identifier: MIT

package io.agentruntime.testkit.persistence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import io.agentruntime.spi.persistence.PersistenceAdapter;
import io.agentruntime.spi.persistence.PersistenceCapability;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

abstract class LifeCycleContract extends RoleContract {
  @Test
  void theIdIsKnownBeforeOpeningAndIsKebabCase() {
    PersistenceAdapter unopened = bench().unopened();
    assertThat(unopened.id()).matches("[a-z0-9]+(-[a-z0-9]+)*").isEqualTo(adapter().id());
    unopened.close();
  }

  @Test
  void closingTwiceIsNoError() {
    adapter().close();
    adapter().close();
  }

  @Test
  void aClosedAdapterRefusesWork() {
    adapter().close();
    assertThatThrownBy(() -> adapter().listAllSessions()).isInstanceOf(AgentRuntimeException.class);
  }

  @Test
  void anUnknownSettingIsRefusedByName() {
    Map<String, String> settings = new HashMap<>(bench().context().settings());
    settings.put("no-such-setting", "1");
    PersistenceAdapter adapter = bench().unopened();
    assertRefused(
        StandardError.CONFIGURATION, () -> adapter.open(bench().context().with(settings)));
    assertThatThrownBy(() -> adapter.open(bench().context().with(settings)))
        .hasMessageContaining("no-such-setting");
    adapter.close();
  }

  @Test
  void compactionIsDeclaredOnlyTogetherWithEvents() {
    if (bench().has(PersistenceCapability.COMPACTION)) {
      assertThat(adapter().capabilities()).contains(PersistenceCapability.EVENTS);
    }
  }
}
