// SPDX-License-Identifier: MIT

package io.agentruntime.architecture.claude;

import io.agentruntime.architecture.support.json.Json;
import io.agentruntime.architecture.support.profile.FrontMatter;
import io.agentruntime.architecture.support.profile.McpServers;
import io.agentruntime.architecture.support.profile.SetupFiles;
import io.agentruntime.model.profile.AgentProfile;
import io.agentruntime.model.profile.CommandDefinition;
import io.agentruntime.model.profile.Rule;
import io.agentruntime.model.profile.SubagentDefinition;
import io.agentruntime.model.transcript.TranscriptEntry;
import io.agentruntime.spi.architecture.SandboxSetup;
import io.agentruntime.spi.architecture.SetupCommand;
import io.agentruntime.spi.architecture.SetupRequest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Materializes a profile: at the user's level of the program's settings, never in the workspace.
 * The workspace's own {@code CLAUDE.md} is imported from there; its other settings count only where
 * a session asks for them, since they may run programs and redirect the model's address.
 */
final class ClaudeSetup {

  private final SetupRequest request;
  private final AgentProfile profile;
  private final ClaudePaths paths;
  private final SetupFiles files = new SetupFiles();
  private final List<SetupCommand> commands = new ArrayList<>();

  private ClaudeSetup(SetupRequest request) {
    this.request = request;
    this.profile = request.profile();
    this.paths = new ClaudePaths(request.paths());
  }

  static SandboxSetup of(SetupRequest request) {
    ClaudeSetup setup = new ClaudeSetup(request);
    setup.instructions();
    setup.files.skills(setup.paths.config() + "/skills", setup.profile.skills());
    setup.subagents();
    setup.commands();
    setup.mcpServers();
    setup.hooks();
    setup.transcript();
    setup.commands.addAll(Dependencies.install(setup.profile, setup.paths));
    setup.commands.addAll(Plugins.install(setup.profile, setup.paths));
    return new SandboxSetup(
        setup.files.all(),
        setup.commands,
        ClaudeProgram.environment(
            setup.profile, ClaudeOptions.of(setup.profile, request.options()), setup.paths),
        List.of());
  }

  private void instructions() {
    String main =
        profile.rules().stream()
            .filter(Rule::main)
            .map(Rule::content)
            .collect(Collectors.joining("\n\n"));
    String imported = "@" + request.paths().workspace().replace(" ", "\\ ") + "/CLAUDE.md\n";
    text("CLAUDE.md", main.isEmpty() ? imported : main + "\n\n" + imported);
    for (Rule rule : profile.rules()) {
      if (!rule.main()) {
        Map<String, Object> head = new LinkedHashMap<>(rule.frontMatter());
        if (!rule.paths().isEmpty()) {
          head.put("paths", rule.paths());
        }
        text("rules/" + markdown(rule.name()), FrontMatter.prepend(head, rule.content()));
      }
    }
    String systemPrompt = profile.systemPrompt();
    if (systemPrompt != null) {
      files.secret(paths.systemPrompt(), systemPrompt);
    }
  }

  private void subagents() {
    for (SubagentDefinition subagent : profile.subagents()) {
      Map<String, Object> head = new LinkedHashMap<>();
      head.put("name", subagent.name());
      // Without a description the program does not register it.
      head.put(
          "description",
          subagent.description().isBlank() ? subagent.name() : subagent.description());
      if (subagent.model() != null) {
        head.put("model", subagent.model());
      }
      List<String> tools = subagent.tools();
      if (tools != null) {
        head.put("tools", String.join(", ", tools));
      }
      head.putAll(subagent.frontMatter());
      text("agents/" + markdown(subagent.name()), FrontMatter.prepend(head, subagent.prompt()));
    }
  }

  private void commands() {
    for (CommandDefinition command : profile.commands()) {
      Map<String, Object> head = new LinkedHashMap<>();
      if (command.description() != null) {
        head.put("description", command.description());
      }
      head.putAll(command.frontMatter());
      text("commands/" + markdown(command.name()), FrontMatter.prepend(head, command.prompt()));
    }
  }

  private void mcpServers() {
    if (profile.mcpServers().isEmpty()) {
      return;
    }
    // Headers and variables may hold secrets.
    files.secret(paths.mcpConfig(), McpConfig.json(profile.mcpServers(), paths));
    files.mcpServers(profile, paths::mcpServer);
    commands.addAll(McpServers.install(profile, paths::mcpServer));
  }

  private void hooks() {
    if (!profile.hooks().isEmpty()) {
      text("settings.json", Json.write(Map.of("hooks", profile.hooks())) + "\n");
    }
  }

  private void transcript() {
    String id = ClaudePaths.nativeId(request.sessionId(), request.nativeId());
    for (TranscriptEntry entry : request.transcript().entries()) {
      String name = TranscriptNames.restored(entry.name(), id);
      files.secret(paths.project() + "/" + name, entry.content());
    }
  }

  private void text(String path, String content) {
    files.text(paths.config() + "/" + path, content);
  }

  private static String markdown(String name) {
    return name.endsWith(".md") ? name : name + ".md";
  }
}
