// SPDX-License-Identifier: MIT

package io.agentruntime.architecture.gemini;

import io.agentruntime.architecture.support.json.Json;
import io.agentruntime.model.profile.AgentProfile;
import io.agentruntime.model.profile.McpServer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The program's settings file. */
final class Settings {
  private Settings() {}

  static String json(AgentProfile profile, GeminiOptions options, GeminiPaths paths) {
    Map<String, Object> all = new LinkedHashMap<>();
    Map<String, Object> security = new LinkedHashMap<>();
    security.put("auth", Map.of("selectedType", "gemini-api-key"));
    security.put("folderTrust", Map.of("enabled", false));
    all.put("security", security);
    Map<String, Object> general = new LinkedHashMap<>();
    general.put("enableAutoUpdate", false);
    general.put("enableAutoUpdateNotification", false);
    // An old conversation that was restored must not be cleaned away.
    general.put("sessionRetention", Map.of("enabled", false));
    general.put("maxAttempts", options.maxRetries() + 1);
    all.put("general", general);
    all.put("privacy", Map.of("usageStatisticsEnabled", false));
    all.put("telemetry", Map.of("enabled", false));
    if (options.maxTurns() != null) {
      all.put("model", Map.of("maxSessionTurns", options.maxTurns()));
    }
    List<String> tools = profile.tools();
    if (tools != null) {
      all.put("tools", Map.of("core", tools));
    }
    Map<String, Object> servers = new LinkedHashMap<>();
    profile.mcpServers().forEach(server -> servers.put(server.name(), server(server, paths)));
    all.put("mcpServers", servers);
    return Json.write(all) + "\n";
  }

  private static Map<String, Object> server(McpServer server, GeminiPaths paths) {
    return switch (server) {
      case McpServer.Stdio stdio ->
          program(stdio.command(), stdio.arguments(), stdio.environment());
      case McpServer.Bundled bundled -> {
        Map<String, Object> config =
            program("sh", List.of("-c", bundled.startCommand()), bundled.environment());
        config.put("cwd", paths.mcpServer(bundled.name()));
        yield config;
      }
      case McpServer.Http http -> {
        Map<String, Object> config = new LinkedHashMap<>();
        config.put(http.transport().equals("sse") ? "url" : "httpUrl", http.url());
        if (!http.headers().isEmpty()) {
          config.put("headers", http.headers());
        }
        yield config;
      }
    };
  }

  private static Map<String, Object> program(
      String command, List<String> arguments, Map<String, String> environment) {
    Map<String, Object> config = new LinkedHashMap<>();
    config.put("command", command);
    config.put("args", arguments);
    if (!environment.isEmpty()) {
      config.put("env", environment);
    }
    return config;
  }
}
