// SPDX-License-Identifier: MIT

package io.agentruntime.architecture.gemini;

import io.agentruntime.architecture.support.profile.ProfileFields;
import io.agentruntime.model.profile.AgentProfile;
import io.agentruntime.model.profile.CommandDefinition;
import io.agentruntime.model.profile.McpServer;
import io.agentruntime.model.profile.Skill;
import io.agentruntime.model.profile.SubagentDefinition;
import java.util.Set;
import java.util.regex.Pattern;

/** Refuses what would be lost or would mean something else. */
final class ProfileChecks {
  /** What the program accepts as the name of a subagent; it leaves others out without a word. */
  private static final Pattern SUBAGENT = Pattern.compile("[a-z0-9_-]+");

  private static final Set<String> RESERVED_VARIABLES =
      Set.of("GEMINI_CLI_HOME", "GEMINI_SYSTEM_MD", "HOME", "PATH");

  private ProfileChecks() {}

  static void check(AgentProfile profile) {
    ProfileFields.refuseExtensions(profile);
    ProfileFields.skillFiles(profile);
    ProfileFields.refuseRulePaths(profile);
    for (CommandDefinition command : profile.commands()) {
      ProfileFields.refuse(
          "commands." + command.name() + ".frontMatter",
          command.frontMatter().keySet(),
          "commands have a description and a prompt alone");
    }
    ProfileFields.distinct("skills", profile.skills().stream().map(Skill::name));
    ProfileFields.distinct("subagents", profile.subagents().stream().map(SubagentDefinition::name));
    ProfileFields.distinct("commands", profile.commands().stream().map(CommandDefinition::name));
    ProfileFields.distinct("mcpServers", profile.mcpServers().stream().map(McpServer::name));
    subagents(profile);
    ProfileFields.transports(profile);
    ProfileFields.environment(profile.environment(), RESERVED_VARIABLES::contains);
  }

  private static void subagents(AgentProfile profile) {
    for (SubagentDefinition subagent : profile.subagents()) {
      if (!SUBAGENT.matcher(subagent.name()).matches()) {
        throw ProfileFields.unsupported(
            "subagents." + subagent.name(),
            "names of subagents have small letters, digits, '-' and '_' alone");
      }
    }
  }
}
