// SPDX-License-Identifier: MIT

package io.agentruntime.architecture.acp;

import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import io.agentruntime.model.profile.AgentProfile;
import io.agentruntime.model.profile.McpServer;
import io.agentruntime.model.profile.Rule;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;

/** Refuses what the protocol has no place for: each program has its own ways, or none. */
final class ProfileChecks {
  private static final Set<String> RESERVED = Set.of("HOME", "PATH");
  private static final Set<String> TRANSPORTS = Set.of("http", "sse");
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
      throw unsupported(
          "rules", "name the file in which the program looks for them in acp.instructions");
    }
    for (Rule rule : profile.rules()) {
      if (!rule.paths().isEmpty()) {
        throw unsupported(
            "rules." + rule.name() + ".paths", "instructions always count for all files");
      }
    }
    servers(profile);
    for (String name : profile.environment().keySet()) {
      if (RESERVED.contains(name)) {
        throw unsupported("environment." + name, "the runtime sets this variable itself");
      }
    }
  }

  private static void servers(AgentProfile profile) {
    Set<String> names = new HashSet<>();
    for (McpServer server : profile.mcpServers()) {
      if (!names.add(server.name())) {
        throw AgentRuntimeException.invalid(
            "profile.mcpServers", "different names, not '" + server.name() + "' twice");
      }
      if (server instanceof McpServer.Http http && !TRANSPORTS.contains(http.transport())) {
        throw unsupported(
            "mcpServers." + http.name() + ".transport",
            "'" + http.transport() + "' is neither http nor sse");
      }
    }
  }

  private static void refuse(String field, Collection<?> given) {
    refuse(field, !given.isEmpty());
  }

  private static void refuse(String field, boolean given) {
    if (given) {
      throw unsupported(field, NO_PLACE);
    }
  }

  private static AgentRuntimeException unsupported(String field, String why) {
    return new AgentRuntimeException(
        StandardError.PROFILE_FIELD_UNSUPPORTED, "profile." + field + ": " + why);
  }
}
