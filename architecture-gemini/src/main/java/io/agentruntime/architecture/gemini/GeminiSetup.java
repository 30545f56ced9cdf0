// SPDX-License-Identifier: MIT

package io.agentruntime.architecture.gemini;

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
import io.agentruntime.spi.architecture.SetupRequest;
import io.agentruntime.spi.sandbox.FileUpload;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * Materializes a profile: at the user's level of the program's settings, never in the workspace.
 */
final class GeminiSetup {
  private static final int PRIVATE = 0600;
  private static final int READABLE = 0644;
  private static final int EXECUTABLE = 0755;
  private static final String BRIDGE = resource("bridge.cjs");

  private final SetupRequest request;
  private final AgentProfile profile;
  private final GeminiPaths paths;
  private final List<FileUpload> files = new ArrayList<>();

  private GeminiSetup(SetupRequest request) {
    this.request = request;
    this.profile = request.profile();
    this.paths = new GeminiPaths(request.paths());
  }

  static SandboxSetup of(SetupRequest request) {
    GeminiSetup setup = new GeminiSetup(request);
    setup.files.add(FileUpload.text(setup.paths.bridge(), READABLE, BRIDGE));
    setup.settings();
    setup.instructions();
    setup.skills();
    setup.subagents();
    setup.commands();
    setup.mcpServers();
    setup.transcript();
    return new SandboxSetup(
        setup.files,
        Settings.install(setup.profile, setup.paths),
        GeminiProgram.environment(setup.profile, setup.paths),
        List.of());
  }

  private void settings() {
    GeminiOptions options = GeminiOptions.of(profile, request.options());
    // Headers and variables of servers may hold secrets.
    files.add(
        FileUpload.text(
            paths.config() + "/settings.json", PRIVATE, Settings.json(profile, options, paths)));
  }

  private void instructions() {
    String rules = profile.rules().stream().map(Rule::content).collect(Collectors.joining("\n\n"));
    if (!rules.isEmpty()) {
      text("GEMINI.md", rules + "\n");
    }
    String systemPrompt = profile.systemPrompt();
    if (systemPrompt != null) {
      // The program fills in what it can do: without these, it would not know its own skills.
      files.add(
          FileUpload.text(
              paths.systemPrompt(),
              PRIVATE,
              systemPrompt + "\n\n${AgentSkills}\n\n${SubAgents}\n"));
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

  private void mcpServers() {
    Settings.bundled(profile)
        .forEach(
            server -> {
              String folder = paths.mcpServer(server.name()) + "/";
              server.files().forEach(file -> files.add(upload(folder, file)));
            });
  }

  private void transcript() {
    for (TranscriptEntry entry : request.transcript().entries()) {
      String path = paths.projects() + "/" + ChatFiles.restored(entry.name(), paths.project());
      files.add(FileUpload.text(path, PRIVATE, entry.content()));
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
    try (InputStream in = GeminiSetup.class.getResourceAsStream(name)) {
      return new String(Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("The jar has no readable " + name, e);
    }
  }
}
