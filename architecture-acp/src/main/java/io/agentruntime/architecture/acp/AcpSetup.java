// SPDX-License-Identifier: MIT

package io.agentruntime.architecture.acp;

import io.agentruntime.architecture.support.profile.McpServers;
import io.agentruntime.architecture.support.profile.SetupFiles;
import io.agentruntime.model.profile.AgentProfile;
import io.agentruntime.model.profile.Rule;
import io.agentruntime.model.transcript.TranscriptEntry;
import io.agentruntime.spi.architecture.SandboxSetup;
import io.agentruntime.spi.architecture.SetupCommand;
import io.agentruntime.spi.architecture.SetupRequest;
import io.agentruntime.spi.sandbox.SandboxPaths;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** What lies and runs in a fresh sandbox: all outside of the workspace, which is the user's. */
final class AcpSetup {
  private static final Duration INSTALL_TIMEOUT = Duration.ofMinutes(10);

  private final SetupRequest request;
  private final ProgramConfig config;
  private final SandboxPaths paths;
  private final SetupFiles files = new SetupFiles();
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
    UnaryOperator<String> folder = name -> folder(setup.paths, name);
    setup.files.mcpServers(request.profile(), folder);
    setup.commands.addAll(McpServers.install(request.profile(), folder));
    setup.transcript();
    AgentProfile profile = request.profile();
    Map<String, String> environment = new LinkedHashMap<>(profile.environment());
    environment.putAll(config.filled(config.environment(), setup.paths));
    return new SandboxSetup(setup.files.all(), setup.commands, environment, List.of());
  }

  private String home(String path) {
    return paths.home() + "/" + path;
  }

  /** The folder of a bundled server's files. */
  static String folder(SandboxPaths paths, String server) {
    return paths.scratch() + "/acp/mcp/" + server;
  }

  private void configured() {
    config.files().forEach(this::configured);
  }

  /** Private: settings of programs tend to hold secrets. */
  private void configured(String path, String text) {
    files.secret(home(path), config.filled(text, paths));
  }

  private void instructions() {
    String path = config.instructions();
    if (path != null && !request.profile().rules().isEmpty()) {
      String rules =
          request.profile().rules().stream().map(Rule::content).collect(Collectors.joining("\n\n"));
      files.text(home(path), rules + "\n");
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

  private void transcript() {
    if (request.transcript().isEmpty()) {
      return;
    }
    if (config.importing().isEmpty()) {
      for (TranscriptEntry entry : request.transcript().entries()) {
        files.secret(home(entry.name()), entry.content());
      }
      return;
    }
    String file = paths.scratch() + "/acp/" + AcpTranscripts.EXPORTED;
    TranscriptEntry entry = request.transcript().entries().getFirst();
    files.secret(file, entry.content());
    List<String> words =
        config.filled(config.importing(), paths).stream()
            .map(word -> word.replace("{file}", file))
            .toList();
    commands.add(
        new SetupCommand("Restoring the conversation", words, paths.workspace(), INSTALL_TIMEOUT));
  }
}
