// SPDX-License-Identifier: MIT

package io.agentruntime.support.json;

import static io.agentruntime.support.json.ProfileValues.environment;
import static io.agentruntime.support.json.ProfileValues.name;

import io.agentruntime.model.profile.McpServer;
import io.agentruntime.model.profile.ProfileFile;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Reads MCP servers: {@code mcpServers}, {@code externalMCPs} and {@code bundledMCPs}. A server
 * without a type is what its fields say: a command, a URL or files of its own.
 */
final class McpReader {
  private final Fields profile;
  private final ProjectFiles projects;

  McpReader(Fields profile, ProjectFiles projects) {
    this.profile = profile;
    this.projects = projects;
  }

  List<McpServer> read() {
    List<McpServer> servers = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (String key : List.of("mcpServers", "externalMCPs", "bundledMCPs")) {
      for (Fields server : profile.objects(key)) {
        McpServer read = key.equals("bundledMCPs") ? bundled(server) : server(server);
        server.refuseOthers();
        ProfileReader.requireNew(names, read.name(), server);
        servers.add(read);
      }
    }
    return servers;
  }

  private McpServer server(Fields server) {
    String type = server.optionalText("type");
    if (type == null) {
      type = server.has("startCommand") ? "bundled" : server.has("url") ? "http" : "stdio";
    }
    return switch (type) {
      case "stdio" ->
          new McpServer.Stdio(
              name(server, "name"),
              command(server),
              server.texts("args"),
              environment(server, "env"));
      case "http", "sse" ->
          new McpServer.Http(
              name(server, "name"), url(server), type, ProfileValues.texts(server, "headers"));
      case "bundled" -> bundled(server);
      default -> throw server.wrong("type", "one of stdio, http, sse, bundled");
    };
  }

  private static String command(Fields server) {
    String command = server.text("command");
    if (command.isBlank()) {
      throw server.wrong("command", "a program");
    }
    return command;
  }

  private static String url(Fields server) {
    String url = server.text("url");
    try {
      URI uri = new URI(url);
      String scheme = uri.getScheme();
      if (uri.getHost() != null && ("http".equals(scheme) || "https".equals(scheme))) {
        return url;
      }
    } catch (URISyntaxException e) {
      // Refused below like any other text that is no such URL; the URL may hold a secret.
    }
    throw server.wrong("url", "an http or https URL");
  }

  private McpServer bundled(Fields server) {
    return new McpServer.Bundled(
        name(server, "name"),
        server.optionalText("description"),
        files(server),
        server.optionalText("installCommand"),
        server.text("startCommand"),
        environment(server, "env"));
  }

  private List<ProfileFile> files(Fields server) {
    String folder = server.optionalText("localProjectPath");
    if (folder == null) {
      return ProfileValues.files(server, "files");
    }
    if (server.has("files")) {
      throw server.wrong("files", "only one of files and localProjectPath");
    }
    return server.at("localProjectPath", () -> projects.read(folder));
  }
}
