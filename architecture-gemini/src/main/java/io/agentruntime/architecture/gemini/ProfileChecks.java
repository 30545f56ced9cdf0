// SPDX-License-Identifier: MIT

package io.agentruntime.architecture.gemini;

import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import io.agentruntime.model.profile.AgentProfile;
import io.agentruntime.model.profile.CommandDefinition;
import io.agentruntime.model.profile.McpServer;
import io.agentruntime.model.profile.Rule;
import io.agentruntime.model.profile.Skill;
import io.agentruntime.model.profile.SubagentDefinition;
import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Refuses what would be lost or would mean something else. */
final class ProfileChecks {
  private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

  /** What the program accepts as the name of a subagent; it leaves others out without a word. */
  private static final Pattern SUBAGENT = Pattern.compile("[a-z0-9_-]+");

  private static final Set<String> RESERVED_VARIABLES =
      Set.of("GEMINI_CLI_HOME", "GEMINI_SYSTEM_MD", "HOME", "PATH");
  private static final Set<String> TRANSPORTS = Set.of("http", "sse");

  private ProfileChecks() {}

  static void check(AgentProfile profile) {
    refuse("hooks", profile.hooks().keySet(), "hooks are not supported");
    refuse("plugins", profile.plugins(), "plugins are not supported");
    refuse("npmDependencies", profile.npmDependencies(), "packages are not installed");
    refuse("pipDependencies", profile.pipDependencies(), "packages are not installed");
    for (Skill skill : profile.skills()) {
      String field = "skills." + skill.name();
      refuse(field + ".npmDependencies", skill.npmDependencies(), "packages are not installed");
      refuse(field + ".pipDependencies", skill.pipDependencies(), "packages are not installed");
      skillFiles(skill);
    }
    for (Rule rule : profile.rules()) {
      refuse(
          "rules." + rule.name() + ".paths",
          rule.paths(),
          "instructions always count for all files");
    }
    for (CommandDefinition command : profile.commands()) {
      refuse(
          "commands." + command.name() + ".frontMatter",
          command.frontMatter().keySet(),
          "commands have a description and a prompt alone");
    }
    distinct("skills", profile.skills().stream().map(Skill::name));
    distinct("subagents", profile.subagents().stream().map(SubagentDefinition::name));
    distinct("commands", profile.commands().stream().map(CommandDefinition::name));
    distinct("mcpServers", profile.mcpServers().stream().map(McpServer::name));
    subagents(profile);
    transports(profile);
    environment(profile.environment());
  }

  private static void refuse(String field, Collection<?> given, String why) {
    if (!given.isEmpty()) {
      throw unsupported(field, why);
    }
  }

  private static void skillFiles(Skill skill) {
    if (skill.files().stream().anyMatch(file -> file.path().value().equals("SKILL.md"))) {
      throw AgentRuntimeException.invalid(
          "profile.skills." + skill.name() + ".files", "no file SKILL.md beside the content");
    }
  }

  private static void distinct(String field, Stream<String> names) {
    Set<String> seen = new HashSet<>();
    names.forEach(
        name -> {
          if (!seen.add(name)) {
            throw AgentRuntimeException.invalid(
                "profile." + field, "different names, not '" + name + "' twice");
          }
        });
  }

  private static void subagents(AgentProfile profile) {
    for (SubagentDefinition subagent : profile.subagents()) {
      if (!SUBAGENT.matcher(subagent.name()).matches()) {
        throw unsupported(
            "subagents." + subagent.name(),
            "names of subagents have small letters, digits, '-' and '_' alone");
      }
    }
  }

  private static void transports(AgentProfile profile) {
    for (McpServer server : profile.mcpServers()) {
      if (server instanceof McpServer.Http http && !TRANSPORTS.contains(http.transport())) {
        throw unsupported(
            "mcpServers." + http.name() + ".transport",
            "'" + http.transport() + "' is neither http nor sse");
      }
    }
  }

  private static void environment(Map<String, String> environment) {
    for (String name : environment.keySet()) {
      if (!VARIABLE.matcher(name).matches()) {
        throw AgentRuntimeException.invalid(
            "profile.environment", "names like A_B1, not '" + name + "'");
      }
      if (RESERVED_VARIABLES.contains(name)) {
        throw unsupported("environment." + name, "the runtime sets this variable itself");
      }
    }
  }

  private static AgentRuntimeException unsupported(String field, String why) {
    return new AgentRuntimeException(
        StandardError.PROFILE_FIELD_UNSUPPORTED, "profile." + field + ": " + why);
  }
}
