// SPDX-License-Identifier: MIT

package io.agentruntime.testkit.architecture;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.model.profile.AgentProfile;
import io.agentruntime.spi.architecture.AgentArchitecture;
import java.util.Map;

/** What an architecture must not accept, with a field that its error must name. */
public final class Refusals {
  private Refusals() {}

  /** A part of a profile that the program cannot honour. */
  public static void assertUnsupported(
      AgentArchitecture architecture, AgentProfile profile, String field) {
    assertRefused(architecture, profile, "PROFILE_FIELD_UNSUPPORTED", field);
  }

  /** A profile that is refused with a code. */
  public static void assertRefused(
      AgentArchitecture architecture, AgentProfile profile, String code, String field) {
    assertThatThrownBy(() -> architecture.validate(profile, Map.of()))
        .isInstanceOf(AgentRuntimeException.class)
        .returns(code, error -> ((AgentRuntimeException) error).code().name())
        .hasMessageContaining(field);
  }
}
