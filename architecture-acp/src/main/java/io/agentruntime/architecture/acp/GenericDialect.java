// SPDX-License-Identifier: MIT

package io.agentruntime.architecture.acp;

import com.fasterxml.jackson.databind.JsonNode;
import io.agentruntime.architecture.support.acp.AcpDialect;
import io.agentruntime.architecture.support.json.Json;
import io.agentruntime.model.profile.McpServer;
import io.agentruntime.spi.architecture.ProtocolStart;
import io.agentruntime.spi.sandbox.SandboxPaths;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A program of which only its configuration is known.
 *
 * @param config the configuration
 * @param mcpServers the profile's servers in the protocol's form
 */
record GenericDialect(ProgramConfig config, List<Map<String, Object>> mcpServers)
    implements AcpDialect {
  static GenericDialect of(ProgramConfig config, ProtocolStart start) {
    SandboxPaths paths = start.paths();
    return new GenericDialect(
        config,
        start.profile().mcpServers().stream()
            .map(
                server ->
                    server(server, paths == null ? "." : AcpSetup.folder(paths, server.name())))
            .toList());
  }

  @Override
  public String programName() {
    return config.programName();
  }

  @Override
  public String programFile() {
    return "'" + config.command().getFirst() + "'";
  }

  @Override
  public Optional<String> authenticationMethod() {
    return Optional.ofNullable(config.authMethod());
  }

  @Override
  public Optional<String> mode() {
    return Optional.ofNullable(config.mode());
  }

  @Override
  public boolean isLateReplay(JsonNode update) {
    return switch (Json.textOr(update, "sessionUpdate", "")) {
      case "user_message_chunk",
          "agent_message_chunk",
          "agent_thought_chunk",
          "tool_call",
          "tool_call_update",
          "plan" ->
          true;
      default -> false;
    };
  }

  private static Map<String, Object> server(McpServer server, String folder) {
    return switch (server) {
      case McpServer.Stdio stdio ->
          program(stdio.name(), stdio.command(), stdio.arguments(), stdio.environment());
      case McpServer.Bundled bundled ->
          // The protocol has no working directory for servers. The folder is no part of the line.
          program(
              bundled.name(),
              "sh",
              List.of("-c", "cd \"$0\" && " + bundled.startCommand(), folder),
              bundled.environment());
      case McpServer.Http http -> {
        Map<String, Object> remote = new LinkedHashMap<>();
        remote.put("type", http.transport());
        remote.put("name", http.name());
        remote.put("url", http.url());
        remote.put("headers", pairs(http.headers()));
        yield remote;
      }
    };
  }

  private static Map<String, Object> program(
      String name, String command, List<String> arguments, Map<String, String> environment) {
    Map<String, Object> local = new LinkedHashMap<>();
    local.put("name", name);
    local.put("command", command);
    local.put("args", arguments);
    local.put("env", pairs(environment));
    return local;
  }

  private static List<Map<String, Object>> pairs(Map<String, String> values) {
    List<Map<String, Object>> pairs = new ArrayList<>();
    values.forEach(
        (name, value) -> {
          Map<String, Object> pair = new LinkedHashMap<>();
          pair.put("name", name);
          pair.put("value", value);
          pairs.add(pair);
        });
    return pairs;
  }
}
