// SPDX-License-Identifier: MIT

package io.agentruntime.architecture.support.profile;

import io.agentruntime.model.profile.AgentProfile;
import io.agentruntime.model.profile.McpServer;
import io.agentruntime.spi.architecture.SetupCommand;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;

/** The servers of the Model Context Protocol that a profile brings along. */
public final class McpServers {
  private static final Duration INSTALL_TIMEOUT = Duration.ofMinutes(10);

  private McpServers() {}

  /** Those whose files lie in the profile. */
  public static List<McpServer.Bundled> bundled(AgentProfile profile) {
    return profile.mcpServers().stream()
        .filter(McpServer.Bundled.class::isInstance)
        .map(McpServer.Bundled.class::cast)
        .toList();
  }

  /**
   * What installs them.
   *
   * @param folder where the files of the server of a name lie
   */
  public static List<SetupCommand> install(AgentProfile profile, UnaryOperator<String> folder) {
    return bundled(profile).stream()
        .filter(server -> server.installCommand() != null)
        .map(
            server ->
                new SetupCommand(
                    "Installing MCP server " + server.name(),
                    List.of("sh", "-c", String.valueOf(server.installCommand())),
                    folder.apply(server.name()),
                    INSTALL_TIMEOUT))
        .toList();
  }
}
