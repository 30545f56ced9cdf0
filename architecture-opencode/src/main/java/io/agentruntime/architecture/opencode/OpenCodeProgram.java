// SPDX-License-Identifier: MIT

package io.agentruntime.architecture.opencode;

import io.agentruntime.model.profile.AgentProfile;
import io.agentruntime.spi.architecture.AgentProgram;
import io.agentruntime.spi.architecture.ProgramRequest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The command line and environment of the program. */
final class OpenCodeProgram {
  private OpenCodeProgram() {}

  static AgentProgram of(ProgramRequest request) {
    OpenCodePaths paths = new OpenCodePaths(request.paths());
    Map<String, String> environment = environment(request.profile());
    // With it the program is a JavaScript runtime: the bridge needs no other.
    environment.put("BUN_BE_BUN", "1");
    return new AgentProgram(
        List.of("opencode", paths.bridge(), paths.transcripts()),
        environment,
        request.paths().workspace(),
        true);
  }

  /** The variables for the program and for the set-up's commands. */
  static Map<String, String> environment(AgentProfile profile) {
    Map<String, String> environment = new LinkedHashMap<>();
    for (String off :
        List.of("AUTOUPDATE", "MODELS_FETCH", "SHARE", "LSP_DOWNLOAD", "DEFAULT_PLUGINS")) {
      environment.put("OPENCODE_DISABLE_" + off, "1");
    }
    // No packages from the registry when it starts, no configuration out of the workspace, which
    // could loosen permissions, and none that was meant for another agent.
    environment.put("OPENCODE_PURE", "1");
    environment.put("OPENCODE_DISABLE_PROJECT_CONFIG", "1");
    environment.put("OPENCODE_DISABLE_CLAUDE_CODE", "1");
    environment.put("NO_COLOR", "1");
    environment.putAll(profile.environment());
    return environment;
  }
}
