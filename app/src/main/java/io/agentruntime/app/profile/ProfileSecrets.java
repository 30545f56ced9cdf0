// SPDX-License-Identifier: MIT

package io.agentruntime.app.profile;

import io.agentruntime.model.profile.AgentProfile;
import io.agentruntime.model.profile.McpServer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The values in a profile that are never shown: those of variables and headers. Stateless.
 *
 * <p>Whoever changes a profile sends back what was shown, and so leaves them as they are.
 */
final class ProfileSecrets {
  /** What is shown instead. */
  static final String HIDDEN = "********";

  private ProfileSecrets() {}

  /** One value. */
  private interface Change {
    String of(List<Object> place, String value);
  }

  /** A profile that can be shown. */
  static AgentProfile hide(AgentProfile profile) {
    return change(profile, (place, value) -> HIDDEN);
  }

  /**
   * A profile as it was sent, with the values of the one that is stored where they were not shown.
   *
   * @param unknown gets the places of values that are not stored either
   */
  static AgentProfile restore(
      AgentProfile sent, Optional<AgentProfile> stored, List<List<Object>> unknown) {
    Map<List<Object>, String> known = new LinkedHashMap<>();
    stored.ifPresent(
        profile ->
            change(
                profile,
                (place, value) -> {
                  known.put(place, value);
                  return value;
                }));
    return change(
        sent,
        (place, value) -> {
          if (!value.equals(HIDDEN)) {
            return value;
          }
          String before = known.get(place);
          if (before == null) {
            unknown.add(place);
          }
          return before == null ? value : before;
        });
  }

  private static AgentProfile change(AgentProfile p, Change change) {
    List<McpServer> servers = new ArrayList<>();
    p.mcpServers().forEach(server -> servers.add(change(server, change)));
    return new AgentProfile(
        p.id(),
        p.name(),
        p.description(),
        p.systemPrompt(),
        p.rules(),
        p.tools(),
        p.skills(),
        p.subagents(),
        p.commands(),
        servers,
        p.npmDependencies(),
        p.pipDependencies(),
        change(List.of("environmentVariables"), p.environment(), change),
        p.workspaceFiles(),
        p.plugins(),
        p.hooks(),
        p.permissions(),
        p.defaultOptions(),
        p.architecture(),
        p.sandbox());
  }

  private static McpServer change(McpServer server, Change change) {
    List<Object> env = List.of("mcpServers", server.name(), "env");
    List<Object> headers = List.of("mcpServers", server.name(), "headers");
    return switch (server) {
      case McpServer.Stdio s ->
          new McpServer.Stdio(
              s.name(), s.command(), s.arguments(), change(env, s.environment(), change));
      case McpServer.Http s ->
          new McpServer.Http(
              s.name(), s.url(), s.transport(), change(headers, s.headers(), change));
      case McpServer.Bundled s ->
          new McpServer.Bundled(
              s.name(),
              s.description(),
              s.files(),
              s.installCommand(),
              s.startCommand(),
              change(env, s.environment(), change));
    };
  }

  private static Map<String, String> change(
      List<Object> place, Map<String, String> values, Change change) {
    Map<String, String> changed = new LinkedHashMap<>();
    values.forEach(
        (name, value) -> {
          List<Object> here = new ArrayList<>(place);
          here.add(name);
          changed.put(name, change.of(List.copyOf(here), value));
        });
    return changed;
  }
}
