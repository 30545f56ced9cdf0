package io.agentruntime.architecture.claude;

import io.agentruntime.model.profile.AgentProfile;
import io.agentruntime.model.profile.PermissionPolicy;
import java.util.List;
import java.util.Map;

/** Profiles for tests. */
final class Profiles {
  private Profiles() {}

  static AgentProfile plain() {
    return AgentProfile.named("plain", "Plain");
  }

  static AgentProfile with(PermissionPolicy permissions) {
    return new AgentProfile(
        "asking",
        "Asking",
        null,
        null,
        List.of(),
        null,
        List.of(),
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
