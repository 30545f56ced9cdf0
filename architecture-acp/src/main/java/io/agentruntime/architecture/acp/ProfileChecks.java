// SPDX-License-Identifier: MIT

package io.agentruntime.architecture.acp;

import io.agentruntime.architecture.support.profile.ProfileFields;
import io.agentruntime.model.profile.AgentProfile;
import io.agentruntime.model.profile.McpServer;
import java.util.Collection;
import java.util.Set;

/** Refuses what the protocol has no place for: each program has its own ways, or none. */
final class ProfileChecks {
  private static final Set<String> RESERVED = Set.of("HOME", "PATH");
  private static final String NO_PLACE =
      "the Agent Client Protocol has no place for it; where the program reads it from a file, name"
          + " that file in the option acp.files";

  private ProfileChecks() {}

  static void check(AgentProfile profile, ProgramConfig config) {
    refuse("systemPrompt", profile.systemPrompt() != null);
    refuse("tools", profile.tools() != null);
    refuse("skills", profile.skills());
    refuse("subagents", profile.subagents());
    refuse("commands", profile.commands());
    refuse("hooks", profile.hooks().keySet());
    refuse("plugins", profile.plugins());
    refuse("npmDependencies", profile.npmDependencies());
    refuse("pipDependencies", profile.pipDependencies());
    if (!profile.rules().isEmpty() && config.instructions() == null) {
      throw ProfileFields.unsupported(
          "rules", "name the file in which the program looks for them in acp.instructions");
    }
    ProfileFields.refuseRulePaths(profile);
    ProfileFields.distinct("mcpServers", profile.mcpServers().stream().map(McpServer::name));
    ProfileFields.transports(profile);
    ProfileFields.reserved(profile.environment(), RESERVED::contains);
  }

  private static void refuse(String field, Collection<?> given) {
    refuse(field, !given.isEmpty());
  }

  private static void refuse(String field, boolean given) {
    if (given) {
      throw ProfileFields.unsupported(field, NO_PLACE);
    }
  }
}
