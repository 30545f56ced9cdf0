// SPDX-License-Identifier: MIT

package io.agentruntime.model.profile;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A Model Context Protocol server that the agent may call. */
public sealed interface McpServer {
  /** Its name, one path segment. */
  String name();

  /**
   * A program started in the sandbox.
   *
   * @param name one path segment
   * @param command the program
   * @param arguments its arguments
   * @param environment variables for it alone; values are secret
   */
  record Stdio(String name, String command, List<String> arguments, Map<String, String> environment)
      implements McpServer {
    /** Checks and copies. */
    public Stdio {
      ProfileNames.require("MCP server", name);
      Objects.requireNonNull(command, "command");
      arguments = List.copyOf(arguments);
      environment = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(environment));
    }

    @Override
    public String toString() {
      return "Stdio[" + name + ", " + command + ", environment " + environment.keySet() + "]";
    }
  }

  /**
   * A server at a URL.
   *
   * @param name one path segment
   * @param url where
   * @param transport {@code http} or {@code sse}
   * @param headers HTTP headers; values are secret
   */
  record Http(String name, String url, String transport, Map<String, String> headers)
      implements McpServer {
    /** Checks and copies. */
    public Http {
      ProfileNames.require("MCP server", name);
      Objects.requireNonNull(url, "url");
      Objects.requireNonNull(transport, "transport");
      headers = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(headers));
    }

    @Override
    public String toString() {
      return "Http[" + name + ", " + transport + ", headers " + headers.keySet() + "]";
    }
  }

  /**
   * A program whose files come with the profile and are put into the sandbox.
   *
   * @param name one path segment
   * @param description what it offers, if given
   * @param files its files, relative to its own folder
   * @param installCommand a shell line run once in that folder; null when nothing is to be
   *     installed
   * @param startCommand a shell line that starts it in that folder
   * @param environment variables for it alone; values are secret
   */
  record Bundled(
      String name,
      @Nullable String description,
      List<ProfileFile> files,
      @Nullable String installCommand,
      String startCommand,
      Map<String, String> environment)
      implements McpServer {
    /** Checks and copies. */
    public Bundled {
      ProfileNames.require("MCP server", name);
      Objects.requireNonNull(startCommand, "startCommand");
      files = List.copyOf(files);
      environment = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(environment));
    }

    @Override
    public String toString() {
      return "Bundled[" + name + ", environment " + environment.keySet() + "]";
    }
  }
}
