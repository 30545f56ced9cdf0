// SPDX-License-Identifier: MIT

package io.agentruntime.architecture.claude;

import io.agentruntime.architecture.support.json.Json;
import io.agentruntime.model.profile.McpServer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The MCP servers in the program's own form. */
final class McpConfig {
  private McpConfig() {}

  static String json(List<McpServer> servers, ClaudePaths paths) {
    Map<String, Object> all = new LinkedHashMap<>();
    servers.forEach(server -> all.put(server.name(), config(server, paths)));
    return Json.write(Map.of("mcpServers", all)) + "\n";
  }

  private static Map<String, Object> config(McpServer server, ClaudePaths paths) {
    return switch (server) {
      case McpServer.Stdio stdio -> stdio(stdio.command(), stdio.arguments(), stdio.environment());
      case McpServer.Bundled bundled ->
          // The program gives its servers no working directory, so the shell goes there first.
          stdio(
              "sh",
              List.of(
                  "-c",
                  "cd \"$1\" && eval \"$2\"",
                  "sh",
                  paths.mcpServer(bundled.name()),
                  bundled.startCommand()),
              bundled.environment());
      case McpServer.Http http -> {
        Map<String, Object> config = new LinkedHashMap<>();
        config.put("type", http.transport());
        config.put("url", http.url());
        if (!http.headers().isEmpty()) {
          config.put("headers", http.headers());
        }
        yield config;
      }
    };
  }

  private static Map<String, Object> stdio(
      String command, List<String> arguments, Map<String, String> environment) {
    Map<String, Object> config = new LinkedHashMap<>();
    config.put("type", "stdio");
    config.put("command", command);
    config.put("args", arguments);
    if (!environment.isEmpty()) {
      config.put("env", environment);
    }
    return config;
  }
}
