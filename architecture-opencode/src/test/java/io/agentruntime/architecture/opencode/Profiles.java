// SPDX-License-Identifier: MIT

package io.agentruntime.architecture.opencode;

import io.agentruntime.model.profile.AgentProfile;
import io.agentruntime.model.profile.PermissionPolicy;
import io.agentruntime.testkit.architecture.ProfileBuilder;
import java.util.Map;

/** Profiles of the tests: their model is the scripted one, which costs something. */
final class Profiles {
  private static final Map<String, Object> SCRIPTED =
      Map.of(
          "npm", "@ai-sdk/openai-compatible",
          "options", Map.of("baseURL", "{env:OPENAI_BASE_URL}", "apiKey", "{env:OPENAI_API_KEY}"),
          "models",
              Map.of(
                  "scripted",
                  Map.of(
                      "reasoning",
                      true,
                      "cost",
                      Map.of("input", 1, "output", 2, "cache_read", 0.1))));

  private Profiles() {}

  static ProfileBuilder builder() {
    return new ProfileBuilder()
        .defaultOptions(
            Map.of(
                "model",
                "scripted/scripted",
                "maxRetries",
                1,
                "providers",
                Map.of("scripted", SCRIPTED)));
  }

  static AgentProfile plain() {
    return builder().build();
  }

  static AgentProfile with(PermissionPolicy permissions) {
    return builder().permissions(permissions).build();
  }
}
