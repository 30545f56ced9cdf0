// SPDX-License-Identifier: MIT

package io.agentruntime.architecture.gemini;

import io.agentruntime.spi.sandbox.SandboxPaths;
import java.util.Locale;

/**
 * Where things are in a sandbox. All of it lies outside of the workspace, which belongs to the
 * user.
 *
 * @param sandbox the sandbox's own paths
 */
record GeminiPaths(SandboxPaths sandbox) {
  /** The program's settings folder. */
  String config() {
    return sandbox.home() + "/.gemini";
  }

  /** The folder with one folder of chats per project. */
  String projects() {
    return config() + "/tmp";
  }

  /** The name that the program gives to a project. */
  String project() {
    String workspace = sandbox.workspace();
    String name = workspace.substring(workspace.lastIndexOf('/') + 1);
    String slug =
        name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-").replaceAll("^-|-$", "");
    return slug.isEmpty() ? "project" : slug;
  }

  /** The folder of what this runtime hands to the program. */
  String runtime() {
    return sandbox.scratch() + "/gemini";
  }

  String bridge() {
    return runtime() + "/bridge.cjs";
  }

  String systemPrompt() {
    return runtime() + "/system-prompt.md";
  }

  /** The folder of a bundled MCP server's files. */
  String mcpServer(String name) {
    return runtime() + "/mcp/" + name;
  }
}
