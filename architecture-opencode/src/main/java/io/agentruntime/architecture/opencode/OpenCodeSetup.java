// SPDX-License-Identifier: MIT

package io.agentruntime.architecture.opencode;

import io.agentruntime.architecture.support.profile.FrontMatter;
import io.agentruntime.model.profile.AgentProfile;
import io.agentruntime.model.profile.CommandDefinition;
import io.agentruntime.model.profile.ProfileFile;
import io.agentruntime.model.profile.Rule;
import io.agentruntime.model.profile.Skill;
import io.agentruntime.model.profile.SubagentDefinition;
import io.agentruntime.model.transcript.TranscriptEntry;
import io.agentruntime.model.workspace.Content;
import io.agentruntime.spi.architecture.SandboxSetup;
import io.agentruntime.spi.architecture.SetupCommand;
import io.agentruntime.spi.architecture.SetupRequest;
import io.agentruntime.spi.sandbox.FileUpload;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * Materializes a profile: at the user's level of the program's configuration, never in the
 * workspace.
 */
final class OpenCodeSetup {
  private static final int PRIVATE = 0600;
  private static final int READABLE = 0644;
  private static final int EXECUTABLE = 0755;
  private static final Duration IMPORT_TIMEOUT = Duration.ofMinutes(5);
  private static final String BRIDGE = resource("bridge.cjs");

  private final SetupRequest request;
  private final AgentProfile profile;
  private final OpenCodePaths paths;
  private final List<FileUpload> files = new ArrayList<>();
  private final List<SetupCommand> commands = new ArrayList<>();

  private OpenCodeSetup(SetupRequest request) {
    this.request = request;
    this.profile = request.profile();
    this.paths = new OpenCodePaths(request.paths());
  }

  static SandboxSetup of(SetupRequest request, OpenCodeOptions options) {
    OpenCodeSetup setup = new OpenCodeSetup(request);
    setup.files.add(FileUpload.text(setup.paths.bridge(), READABLE, BRIDGE));
    setup.configuration(options);
    setup.instructions();
    setup.skills();
    setup.subagents();
    setup.commands();
    setup.mcpServers();
    setup.commands.addAll(Configuration.install(setup.profile, setup.paths));
    setup.transcript();
    return new SandboxSetup(
        setup.files, setup.commands, OpenCodeProgram.environment(setup.profile), List.of());
  }

  private void configuration(OpenCodeOptions options) {
    // Headers and variables of servers may hold secrets.
    files.add(
        FileUpload.text(
            paths.config() + "/opencode.json",
            PRIVATE,
            Configuration.json(profile, options, paths)));
  }

  private void instructions() {
    String rules = profile.rules().stream().map(Rule::content).collect(Collectors.joining("\n\n"));
    if (!rules.isEmpty()) {
      text("AGENTS.md", rules + "\n");
    }
    String systemPrompt = profile.systemPrompt();
    if (systemPrompt != null) {
      files.add(FileUpload.text(paths.systemPrompt(), PRIVATE, systemPrompt));
    }
  }

  private void skills() {
    for (Skill skill : profile.skills()) {
      Map<String, Object> head = new LinkedHashMap<>();
      head.put("name", skill.name());
      head.put("description", skill.description());
      head.putAll(skill.frontMatter());
      String folder = "skills/" + skill.name() + "/";
      text(folder + "SKILL.md", FrontMatter.prepend(head, skill.content()));
      skill.files().forEach(file -> files.add(upload(paths.config() + "/" + folder, file)));
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

  private void mcpServers() {
    Configuration.bundled(profile)
        .forEach(
            server -> {
              String folder = paths.mcpServer(server.name()) + "/";
              server.files().forEach(file -> files.add(upload(folder, file)));
            });
  }

  /** The past lies where the bridge will keep it, and the program reads it in from there. */
  private void transcript() {
    for (TranscriptEntry entry : request.transcript().entries()) {
      String path = paths.transcripts() + "/" + entry.name();
      files.add(FileUpload.text(path, PRIVATE, entry.content()));
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
    files.add(FileUpload.text(paths.config() + "/" + path, READABLE, content));
  }

  private static FileUpload upload(String folder, ProfileFile file) {
    return FileUpload.regular(
        folder + file.path(), file.executable() ? EXECUTABLE : READABLE, Content.of(file.bytes()));
  }

  private static String resource(String name) {
    try (InputStream in = OpenCodeSetup.class.getResourceAsStream(name)) {
      return new String(Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("The jar has no readable " + name, e);
    }
  }
}
