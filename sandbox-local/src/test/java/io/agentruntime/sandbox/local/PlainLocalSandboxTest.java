// SPDX-License-Identifier: MIT

package io.agentruntime.sandbox.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentruntime.spi.sandbox.SandboxCapability;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PlainLocalSandboxTest extends LocalSandboxContract {
  @Override
  protected Map<String, String> settings() {
    return Map.of("bubblewrap", "never");
  }

  @Test
  void isolationIsNotPromised() {
    assertThat(bench().can(SandboxCapability.ISOLATION)).isFalse();
  }
}
