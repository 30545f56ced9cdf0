// SPDX-License-Identifier: MIT

package io.agentruntime.architecture.gemini;

import io.agentruntime.architecture.support.profile.FrontMatter;
import io.agentruntime.architecture.support.profile.McpServers;
import io.agentruntime.architecture.support.profile.SetupFiles;
import io.agentruntime.model.profile.AgentProfile;
import io.agentruntime.model.profile.CommandDefinition;
import io.agentruntime.model.profile.Rule;
import io.agentruntime.model.profile.SubagentDefinition;
import io.agentruntime.model.transcript.TranscriptEntry;
import io.agentruntime.spi.architecture.SandboxSetup;
import io.agentruntime.spi.architecture.SetupRequest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Materializes a profile: at the user's level of the program's settings, never in the workspace.
 */
final class GeminiSetup {
  private static final String BRIDGE = SetupFiles.resource(GeminiSetup.class, "bridge.cjs");

  private final SetupRequest request;
  private final AgentProfile profile;
  private final GeminiPaths paths;
  private final SetupFiles files = new SetupFiles();

  private GeminiSetup(SetupRequest request) {
    this.request = request;
    this.profile = request.profile();
    this.paths = new GeminiPaths(request.paths());
  }

  static SandboxSetup of(SetupRequest request) {
    GeminiSetup setup = new GeminiSetup(request);
    setup.files.text(setup.paths.bridge(), BRIDGE);
    setup.settings();
    setup.instructions();
    setup.files.skills(setup.paths.config() + "/skills", setup.profile.skills());
    setup.subagents();
    setup.commands();
    setup.files.mcpServers(setup.profile, setup.paths::mcpServer);
    setup.transcript();
    return new SandboxSetup(
        setup.files.all(),
        McpServers.install(setup.profile, setup.paths::mcpServer),
        GeminiProgram.environment(setup.profile, setup.paths),
        List.of());
  }

  private void settings() {
    GeminiOptions options = GeminiOptions.of(profile, request.options());
    // Headers and variables of servers may hold secrets.
    files.secret(paths.config() + "/settings.json", Settings.json(profile, options, paths));
  }

  private void instructions() {
    String rules = profile.rules().stream().map(Rule::content).collect(Collectors.joining("\n\n"));
    if (!rules.isEmpty()) {
      text("GEMINI.md", rules + "\n");
    }
    String systemPrompt = profile.systemPrompt();
    if (systemPrompt != null) {
      // The program fills in what it can do: without these, it would not know its own skills.
      files.secret(paths.systemPrompt(), systemPrompt + "\n\n${AgentSkills}\n\n${SubAgents}\n");
    }
  }

  private void subagents() {
    for (SubagentDefinition subagent : profile.subagents()) {
      Map<String, Object> head = new LinkedHashMap<>();
      head.put("name", subagent.name());
      head.put(
          "description",
          subagent.description().isBlank() ? subagent.name() : subagent.description());
      if (subagent.model() != null) {
        head.put("model", subagent.model());
      }
      if (subagent.tools() != null) {
        head.put("tools", subagent.tools());
      }
      head.putAll(subagent.frontMatter());
      text("agents/" + subagent.name() + ".md", FrontMatter.prepend(head, subagent.prompt()));
    }
  }

  private void commands() {
    for (CommandDefinition command : profile.commands()) {
      text("commands/" + command.name() + ".toml", Commands.toml(command));
    }
  }

  private void transcript() {
    for (TranscriptEntry entry : request.transcript().entries()) {
      String path = paths.projects() + "/" + ChatFiles.restored(entry.name(), paths.project());
      files.secret(path, entry.content());
    }
  }

  private void text(String path, String content) {
    files.text(paths.config() + "/" + path, content);
  }
}
