package io.agentruntime.architecture.claude;

import io.agentruntime.model.profile.AgentProfile;
import io.agentruntime.model.profile.PermissionPolicy;
import io.agentruntime.model.profile.Skill;
import java.util.List;
import java.util.Map;

/** Profiles for tests. */
final class Profiles {
  private Profiles() {}

  static AgentProfile plain() {
    return AgentProfile.named("plain", "Plain");
  }

  static AgentProfile with(PermissionPolicy permissions) {
    return profile(permissions, List.of());
  }

  static AgentProfile withSkill() {
    return profile(
        PermissionPolicy.BYPASS,
        List.of(
            new Skill(
                "greet",
                "Greets people",
                "Say hello to $ARGUMENTS.",
                List.of(),
                List.of(),
                List.of(),
                Map.of())));
  }

  private static AgentProfile profile(PermissionPolicy permissions, List<Skill> skills) {
    return new AgentProfile(
        "asking",
        "Asking",
        null,
        null,
        List.of(),
        null,
        skills,
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        Map.of(),
        List.of(),
        List.of(),
        Map.of(),
        permissions,
        Map.of());
  }
}
