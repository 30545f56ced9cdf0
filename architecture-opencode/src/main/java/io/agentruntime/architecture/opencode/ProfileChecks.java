// SPDX-License-Identifier: MIT

package io.agentruntime.architecture.opencode;

import io.agentruntime.architecture.support.profile.ProfileFields;
import io.agentruntime.model.profile.AgentProfile;
import io.agentruntime.model.profile.CommandDefinition;
import io.agentruntime.model.profile.McpServer;
import io.agentruntime.model.profile.Skill;
import io.agentruntime.model.profile.SubagentDefinition;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Refuses what would be lost or would mean something else. */
final class ProfileChecks {
  private static final Set<String> RESERVED_VARIABLES = Set.of("BUN_BE_BUN", "HOME", "PATH");
  private static final String KEY = "OPENCODE_API_KEY";

  /** The program's own agents: a subagent of the same name would change them. */
  private static final Set<String> OWN_AGENTS =
      Set.of("build", "plan", "compaction", "title", "summary");

  private ProfileChecks() {}

  static void check(AgentProfile profile) {
    ProfileFields.refuseExtensions(profile);
    ProfileFields.skillFiles(profile);
    ProfileFields.refuseRulePaths(profile);
    ProfileFields.distinct("skills", profile.skills().stream().map(Skill::name));
    ProfileFields.distinct("subagents", profile.subagents().stream().map(SubagentDefinition::name));
    ProfileFields.distinct("commands", profile.commands().stream().map(CommandDefinition::name));
    ProfileFields.distinct("mcpServers", profile.mcpServers().stream().map(McpServer::name));
    subagents(profile);
    tools("tools", profile.tools());
    ProfileFields.transports(profile);
    ProfileFields.environment(profile.environment(), ProfileChecks::isReserved);
  }

  private static void subagents(AgentProfile profile) {
    for (SubagentDefinition subagent : profile.subagents()) {
      String field = "subagents." + subagent.name();
      if (OWN_AGENTS.contains(subagent.name())) {
        throw ProfileFields.unsupported(field, "the program has an agent of that name");
      }
      String model = subagent.model();
      if (model != null && model.indexOf('/') < 1) {
        throw ProfileFields.unsupported(
            field + ".model", "models are named provider/model, not '" + model + "'");
      }
      tools(field + ".tools", subagent.tools());
    }
  }

  private static void tools(String field, @Nullable List<String> tools) {
    for (String tool : tools == null ? List.<String>of() : tools) {
      if (!ToolNames.isKnown(tool)) {
        throw ProfileFields.unsupported(field, "the program has no tool '" + tool + "'");
      }
    }
  }

  private static boolean isReserved(String variable) {
    return variable.startsWith("XDG_")
        || (variable.startsWith("OPENCODE_") && !variable.equals(KEY))
        || RESERVED_VARIABLES.contains(variable);
  }
}
