// SPDX-License-Identifier: MIT

package io.agentruntime.architecture.claude;

import io.agentruntime.model.profile.AgentProfile;
import io.agentruntime.model.profile.PermissionPolicy;
import io.agentruntime.model.profile.Skill;
import io.agentruntime.testkit.architecture.ProfileBuilder;
import java.util.List;
import java.util.Map;

/** Profiles for tests. */
final class Profiles {
  private Profiles() {}

  static AgentProfile plain() {
    return new ProfileBuilder().build();
  }

  static AgentProfile with(PermissionPolicy permissions) {
    return new ProfileBuilder().permissions(permissions).build();
  }

  static AgentProfile withSkill() {
    return new ProfileBuilder()
        .skill(
            new Skill(
                "greet",
                "Greets people",
                "Say hello to $ARGUMENTS.",
                List.of(),
                List.of(),
                List.of(),
                Map.of()))
        .build();
  }
}
