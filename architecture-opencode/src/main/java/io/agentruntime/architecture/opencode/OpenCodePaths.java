// SPDX-License-Identifier: MIT

package io.agentruntime.architecture.opencode;

import io.agentruntime.spi.sandbox.SandboxPaths;

/**
 * Where things are in a sandbox. All of it lies outside of the workspace, which belongs to the
 * user.
 *
 * @param sandbox the sandbox's own paths
 */
record OpenCodePaths(SandboxPaths sandbox) {
  static final String MAIN = "main.json";
  static final String SUBAGENTS = "subagents/";

  /** The program's configuration folder. */
  String config() {
    return sandbox.home() + "/.config/opencode";
  }

  /** The folder of what this runtime hands to the program. */
  String runtime() {
    return sandbox.scratch() + "/opencode";
  }

  String bridge() {
    return runtime() + "/bridge.cjs";
  }

  String systemPrompt() {
    return runtime() + "/system-prompt.md";
  }

  /** The folder in which the bridge keeps the session and its subagents' sessions. */
  String transcripts() {
    return runtime() + "/transcript";
  }

  /** The folder of a bundled MCP server's files. */
  String mcpServer(String name) {
    return runtime() + "/mcp/" + name;
  }
}
