// SPDX-License-Identifier: MIT

package io.agentruntime.architecture.gemini;

import io.agentruntime.model.profile.AgentProfile;
import io.agentruntime.model.profile.PermissionPolicy;
import io.agentruntime.testkit.architecture.ProfileBuilder;

/** Profiles of the tests. */
final class Profiles {
  private Profiles() {}

  static AgentProfile plain() {
    return new ProfileBuilder().build();
  }

  static AgentProfile with(PermissionPolicy permissions) {
    return new ProfileBuilder().permissions(permissions).build();
  }
}
