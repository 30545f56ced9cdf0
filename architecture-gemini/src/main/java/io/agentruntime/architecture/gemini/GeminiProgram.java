// SPDX-License-Identifier: MIT

package io.agentruntime.architecture.gemini;

import io.agentruntime.model.profile.AgentProfile;
import io.agentruntime.spi.architecture.AgentProgram;
import io.agentruntime.spi.architecture.ProgramRequest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The command line and environment of the program. */
final class GeminiProgram {
  private GeminiProgram() {}

  static AgentProgram of(ProgramRequest request) {
    GeminiPaths paths = new GeminiPaths(request.paths());
    GeminiOptions options = GeminiOptions.of(request.profile(), request.options());
    return new AgentProgram(
        List.of(
            "node",
            paths.bridge(),
            paths.projects(),
            "gemini",
            "--acp",
            "--skip-trust",
            "--model",
            options.model()),
        environment(request.profile(), paths),
        request.paths().workspace(),
        true);
  }

  /** The variables for the program and for the set-up's commands. */
  static Map<String, String> environment(AgentProfile profile, GeminiPaths paths) {
    Map<String, String> environment = new LinkedHashMap<>();
    environment.put("GEMINI_CLI_TRUST_WORKSPACE", "true");
    // Otherwise it starts itself a second time, for more memory.
    environment.put("GEMINI_CLI_NO_RELAUNCH", "true");
    environment.put("NO_COLOR", "1");
    environment.putAll(profile.environment());
    environment.put("GEMINI_CLI_HOME", paths.sandbox().home());
    if (profile.systemPrompt() != null) {
      environment.put("GEMINI_SYSTEM_MD", paths.systemPrompt());
    }
    return environment;
  }
}
