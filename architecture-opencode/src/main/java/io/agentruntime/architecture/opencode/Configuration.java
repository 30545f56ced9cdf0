// SPDX-License-Identifier: MIT

package io.agentruntime.architecture.opencode;

import io.agentruntime.architecture.support.json.Json;
import io.agentruntime.model.profile.AgentProfile;
import io.agentruntime.model.profile.McpServer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The program's configuration file. */
final class Configuration {
  /** The program's own default of five seconds is short for a server that has yet to start. */
  private static final int MCP_TIMEOUT_MILLIS = 60_000;

  private Configuration() {}

  static String json(AgentProfile profile, OpenCodeOptions options, OpenCodePaths paths) {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("model", options.model());
    all.put("small_model", options.model());
    all.put("autoupdate", false);
    all.put("share", "disabled");
    // Copies of the workspace that nobody asks for; the runtime keeps the workspace itself.
    all.put("snapshot", false);
    all.put("lsp", false);
    all.put("formatter", false);
    all.put("permission", ToolNames.permissions(profile.permissions(), profile.tools()));
    all.put("instructions", List.of(paths.sandbox().workspace() + "/AGENTS.md"));
    if (profile.systemPrompt() != null) {
      Map<String, Object> agent = Map.of("prompt", "{file:" + paths.systemPrompt() + "}");
      all.put("agent", Map.of("build", agent));
    }
    Map<String, Object> providers = Providers.configuration(options);
    if (!providers.isEmpty()) {
      all.put("provider", providers);
    }
    Map<String, Object> servers = new LinkedHashMap<>();
    profile.mcpServers().forEach(server -> servers.put(server.name(), server(server, paths)));
    if (!servers.isEmpty()) {
      all.put("mcp", servers);
    }
    return Json.write(all) + "\n";
  }

  private static Map<String, Object> server(McpServer server, OpenCodePaths paths) {
    Map<String, Object> config = new LinkedHashMap<>();
    switch (server) {
      case McpServer.Stdio stdio -> {
        List<String> command = new ArrayList<>();
        command.add(stdio.command());
        command.addAll(stdio.arguments());
        local(config, command, stdio.environment());
      }
      case McpServer.Bundled bundled -> {
        // The program starts servers in the workspace.
        String line = "cd \"$0\" && " + bundled.startCommand();
        String folder = paths.mcpServer(bundled.name());
        local(config, List.of("sh", "-c", line, folder), bundled.environment());
      }
      case McpServer.Http http -> {
        config.put("type", "remote");
        config.put("url", http.url());
        config.put("oauth", false);
        if (!http.headers().isEmpty()) {
          config.put("headers", http.headers());
        }
      }
    }
    config.put("enabled", true);
    config.put("timeout", MCP_TIMEOUT_MILLIS);
    return config;
  }

  private static void local(
      Map<String, Object> config, List<String> command, Map<String, String> environment) {
    config.put("type", "local");
    config.put("command", command);
    if (!environment.isEmpty()) {
      config.put("environment", environment);
    }
  }
}
