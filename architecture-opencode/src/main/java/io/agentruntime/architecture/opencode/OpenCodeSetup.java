// SPDX-License-Identifier: MIT

package io.agentruntime.architecture.opencode;

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
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Materializes a profile: at the user's level of the program's configuration, never in the
 * workspace.
 */
final class OpenCodeSetup {
  private static final Duration IMPORT_TIMEOUT = Duration.ofMinutes(5);
  private static final String BRIDGE = SetupFiles.resource(OpenCodeSetup.class, "bridge.cjs");

  private final SetupRequest request;
  private final AgentProfile profile;
  private final OpenCodePaths paths;
  private final SetupFiles files = new SetupFiles();
  private final List<SetupCommand> commands = new ArrayList<>();

  private OpenCodeSetup(SetupRequest request) {
    this.request = request;
    this.profile = request.profile();
    this.paths = new OpenCodePaths(request.paths());
  }

  static SandboxSetup of(SetupRequest request, OpenCodeOptions options) {
    OpenCodeSetup setup = new OpenCodeSetup(request);
    setup.files.text(setup.paths.bridge(), BRIDGE);
    setup.configuration(options);
    setup.instructions();
    setup.files.skills(setup.paths.config() + "/skills", setup.profile.skills());
    setup.subagents();
    setup.commands();
    setup.files.mcpServers(setup.profile, setup.paths::mcpServer);
    setup.commands.addAll(McpServers.install(setup.profile, setup.paths::mcpServer));
    setup.transcript();
    return new SandboxSetup(
        setup.files.all(), setup.commands, OpenCodeProgram.environment(setup.profile), List.of());
  }

  private void configuration(OpenCodeOptions options) {
    // Headers and variables of servers may hold secrets.
    files.secret(paths.config() + "/opencode.json", Configuration.json(profile, options, paths));
  }

  private void instructions() {
    String rules = profile.rules().stream().map(Rule::content).collect(Collectors.joining("\n\n"));
    if (!rules.isEmpty()) {
      text("AGENTS.md", rules + "\n");
    }
    String systemPrompt = profile.systemPrompt();
    if (systemPrompt != null) {
      files.secret(paths.systemPrompt(), systemPrompt);
    }
  }

  private void subagents() {
    for (SubagentDefinition subagent : profile.subagents()) {
      Map<String, Object> head = new LinkedHashMap<>();
      head.put(
          "description",
          subagent.description().isBlank() ? subagent.name() : subagent.description());
      head.put("mode", "subagent");
      if (subagent.model() != null) {
        head.put("model", subagent.model());
      }
      if (subagent.tools() != null) {
        head.put("permission", ToolNames.denials(subagent.tools()));
      }
      head.putAll(subagent.frontMatter());
      text("agents/" + subagent.name() + ".md", FrontMatter.prepend(head, subagent.prompt()));
    }
  }

  private void commands() {
    for (CommandDefinition command : profile.commands()) {
      Map<String, Object> head = new LinkedHashMap<>();
      if (command.description() != null) {
        head.put("description", command.description());
      }
      head.putAll(command.frontMatter());
      text("commands/" + command.name() + ".md", FrontMatter.prepend(head, command.prompt()));
    }
  }

  /** The past lies where the bridge will keep it, and the program reads it in from there. */
  private void transcript() {
    for (TranscriptEntry entry : request.transcript().entries()) {
      String path = paths.transcripts() + "/" + entry.name();
      files.secret(path, entry.content());
      if (!entry.content().isBlank()) {
        commands.add(
            new SetupCommand(
                "Restoring the conversation",
                List.of("opencode", "import", path),
                paths.sandbox().workspace(),
                IMPORT_TIMEOUT));
      }
    }
  }

  private void text(String path, String content) {
    files.text(paths.config() + "/" + path, content);
  }
}
