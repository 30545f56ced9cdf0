// SPDX-License-Identifier: MIT

package io.agentruntime.architecture.acp;

import io.agentruntime.model.profile.AgentProfile;
import io.agentruntime.model.profile.McpServer;
import io.agentruntime.model.profile.ProfileFile;
import io.agentruntime.model.profile.Rule;
import io.agentruntime.model.transcript.TranscriptEntry;
import io.agentruntime.model.workspace.Content;
import io.agentruntime.spi.architecture.SandboxSetup;
import io.agentruntime.spi.architecture.SetupCommand;
import io.agentruntime.spi.architecture.SetupRequest;
import io.agentruntime.spi.sandbox.FileUpload;
import io.agentruntime.spi.sandbox.SandboxPaths;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What lies and runs in a fresh sandbox: all outside of the workspace, which is the user's. */
final class AcpSetup {
  private static final int PRIVATE = 0600;
  private static final int READABLE = 0644;
  private static final int EXECUTABLE = 0755;
  private static final Duration INSTALL_TIMEOUT = Duration.ofMinutes(10);

  private final SetupRequest request;
  private final ProgramConfig config;
  private final SandboxPaths paths;
  private final List<FileUpload> files = new ArrayList<>();
  private final List<SetupCommand> commands = new ArrayList<>();

  private AcpSetup(SetupRequest request, ProgramConfig config) {
    this.request = request;
    this.config = config;
    this.paths = request.paths();
  }

  static SandboxSetup of(SetupRequest request, ProgramConfig config) {
    AcpSetup setup = new AcpSetup(request, config);
    setup.configured();
    setup.instructions();
    setup.install();
    setup.mcpServers();
    setup.transcript();
    AgentProfile profile = request.profile();
    Map<String, String> environment = new LinkedHashMap<>(profile.environment());
    environment.putAll(config.filled(config.environment(), setup.paths));
    return new SandboxSetup(setup.files, setup.commands, environment, List.of());
  }

  private String home(String path) {
    return paths.home() + "/" + path;
  }

  /** The folder of a bundled server's files. */
  static String folder(SandboxPaths paths, McpServer server) {
    return paths.scratch() + "/acp/mcp/" + server.name();
  }

  private void configured() {
    config.files().forEach(this::configured);
  }

  /** Private: settings of programs tend to hold secrets. */
  private void configured(String path, String text) {
    files.add(FileUpload.text(home(path), PRIVATE, config.filled(text, paths)));
  }

  private void instructions() {
    String path = config.instructions();
    if (path != null && !request.profile().rules().isEmpty()) {
      String rules =
          request.profile().rules().stream().map(Rule::content).collect(Collectors.joining("\n\n"));
      files.add(FileUpload.text(home(path), READABLE, rules + "\n"));
    }
  }

  private void install() {
    List<List<String>> steps = config.install();
    for (int i = 0; i < steps.size(); i++) {
      String what =
          "Installing "
              + config.programName()
              + (steps.size() == 1 ? "" : " (" + (i + 1) + " of " + steps.size() + ")");
      commands.add(
          new SetupCommand(
              what, config.filled(steps.get(i), paths), paths.home(), INSTALL_TIMEOUT));
    }
  }

  private void mcpServers() {
    for (McpServer server : request.profile().mcpServers()) {
      if (server instanceof McpServer.Bundled bundled) {
        String folder = folder(paths, bundled);
        for (ProfileFile file : bundled.files()) {
          files.add(
              FileUpload.regular(
                  folder + "/" + file.path(),
                  file.executable() ? EXECUTABLE : READABLE,
                  Content.of(file.bytes())));
        }
        if (bundled.installCommand() != null) {
          commands.add(
              new SetupCommand(
                  "Installing MCP server " + bundled.name(),
                  List.of("sh", "-c", bundled.installCommand()),
                  folder,
                  INSTALL_TIMEOUT));
        }
      }
    }
  }

  private void transcript() {
    if (request.transcript().isEmpty()) {
      return;
    }
    if (config.importing().isEmpty()) {
      for (TranscriptEntry entry : request.transcript().entries()) {
        files.add(FileUpload.text(home(entry.name()), PRIVATE, entry.content()));
      }
      return;
    }
    String file = paths.scratch() + "/acp/" + AcpTranscripts.EXPORTED;
    TranscriptEntry entry = request.transcript().entries().getFirst();
    files.add(FileUpload.text(file, PRIVATE, entry.content()));
    List<String> words =
        config.filled(config.importing(), paths).stream()
            .map(word -> word.replace("{file}", file))
            .toList();
    commands.add(
        new SetupCommand("Restoring the conversation", words, paths.workspace(), INSTALL_TIMEOUT));
  }
}
