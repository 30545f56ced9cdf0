// SPDX-License-Identifier: MIT

package io.agentruntime.support.json;

import io.agentruntime.model.profile.AgentProfile;
import io.agentruntime.model.profile.CommandDefinition;
import io.agentruntime.model.profile.McpServer;
import io.agentruntime.model.profile.PermissionPolicy;
import io.agentruntime.model.profile.Plugin;
import io.agentruntime.model.profile.ProfileFile;
import io.agentruntime.model.profile.Rule;
import io.agentruntime.model.profile.Skill;
import io.agentruntime.model.profile.SubagentDefinition;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes profiles in their canonical shape; {@link ProfileReader} reads it back the same. */
final class ProfileWriter {
  private ProfileWriter() {}

  static Map<String, Object> write(AgentProfile profile) {
    PermissionPolicy permissions = profile.permissions();
    return new MapWriter()
        .put("id", profile.id())
        .put("name", profile.name())
        .put("description", profile.description())
        .put("systemPrompt", profile.systemPrompt())
        .putEach("rules", profile.rules(), ProfileWriter::rule)
        .put("tools", profile.tools())
        .putEach("skills", profile.skills(), ProfileWriter::skill)
        .putEach("subagents", profile.subagents(), ProfileWriter::subagent)
        .putEach("commands", profile.commands(), ProfileWriter::command)
        .putEach("mcpServers", profile.mcpServers(), ProfileWriter::server)
        .putUnlessEmpty("npmDependencies", profile.npmDependencies())
        .putUnlessEmpty("pipDependencies", profile.pipDependencies())
        .putUnlessEmpty("environmentVariables", profile.environment())
        .putEach("defaultWorkspaceFiles", profile.workspaceFiles(), ProfileWriter::file)
        .putEach("plugins", profile.plugins(), ProfileWriter::plugin)
        .putUnlessEmpty("hooks", profile.hooks())
        .put("permissions", permissions == PermissionPolicy.BYPASS ? null : permissions)
        .putUnlessEmpty("defaultOptions", profile.defaultOptions())
        .put("architecture", profile.architecture())
        .put("sandbox", profile.sandbox())
        .done();
  }

  private static Map<String, Object> rule(Rule rule) {
    return new MapWriter()
        .put("name", rule.name())
        .put("content", rule.content())
        .putUnlessEmpty("paths", rule.paths())
        .put("main", orAbsent(rule.main()))
        .putUnlessEmpty("frontMatter", rule.frontMatter())
        .done();
  }

  private static Map<String, Object> skill(Skill skill) {
    return new MapWriter()
        .put("name", skill.name())
        .put("description", skill.description())
        .put("content", skill.content())
        .putEach("files", skill.files(), ProfileWriter::file)
        .putUnlessEmpty("npmDependencies", skill.npmDependencies())
        .putUnlessEmpty("pipDependencies", skill.pipDependencies())
        .putUnlessEmpty("frontMatter", skill.frontMatter())
        .done();
  }

  private static Map<String, Object> subagent(SubagentDefinition subagent) {
    return new MapWriter()
        .put("name", subagent.name())
        .put("description", subagent.description())
        .put("prompt", subagent.prompt())
        .put("model", subagent.model())
        .put("tools", subagent.tools())
        .putUnlessEmpty("frontMatter", subagent.frontMatter())
        .done();
  }

  private static Map<String, Object> command(CommandDefinition command) {
    return new MapWriter()
        .put("name", command.name())
        .put("description", command.description())
        .put("prompt", command.prompt())
        .putUnlessEmpty("frontMatter", command.frontMatter())
        .done();
  }

  private static Map<String, Object> server(McpServer server) {
    return switch (server) {
      case McpServer.Stdio stdio ->
          new MapWriter()
              .put("type", "stdio")
              .put("name", stdio.name())
              .put("command", stdio.command())
              .putUnlessEmpty("args", stdio.arguments())
              .putUnlessEmpty("env", stdio.environment())
              .done();
      case McpServer.Http http ->
          new MapWriter()
              .put("type", http.transport())
              .put("name", http.name())
              .put("url", http.url())
              .putUnlessEmpty("headers", http.headers())
              .done();
      case McpServer.Bundled bundled ->
          new MapWriter()
              .put("type", "bundled")
              .put("name", bundled.name())
              .put("description", bundled.description())
              .putEach("files", bundled.files(), ProfileWriter::file)
              .put("installCommand", bundled.installCommand())
              .put("startCommand", bundled.startCommand())
              .putUnlessEmpty("env", bundled.environment())
              .done();
    };
  }

  private static Map<String, Object> file(ProfileFile file) {
    return new MapWriter()
        .put("path", file.path().value())
        .put("content", file.content())
        .put("base64", orAbsent(file.base64()))
        .put("executable", orAbsent(file.executable()))
        .done();
  }

  private static Map<String, Object> plugin(Plugin plugin) {
    return new MapWriter()
        .put("name", plugin.name())
        .put("marketplace", plugin.marketplace())
        .done();
  }

  private static @Nullable Boolean orAbsent(boolean flag) {
    return flag ? true : null;
  }
}
