// SPDX-License-Identifier: MIT

package io.agentruntime.app.endtoend;

/** What differs between agent programs, for whoever talks to them through the server. */
enum RealAgent {
  /** Claude Code. */
  CLAUDE("claude-agent-sdk", "mcp__%s__%s", "(sleep 1; kill -9 $PPID) >/dev/null 2>&1 &"),

  /** OpenCode. */
  OPENCODE("opencode", "%s_%s", "(sleep 1; kill -9 $PPID) >/dev/null 2>&1 &"),

  /** OpenCode, of which only the protocol and a profile are known. */
  OPENCODE_OVER_ACP("acp", "%s_%s", "(sleep 1; kill -9 $PPID) >/dev/null 2>&1 &"),

  /**
   * Gemini CLI. Its killer has a session of its own, and surely so: the program ends what a command
   * leaves behind in its group as soon as the command has returned. It refuses commands within
   * commands.
   */
  GEMINI(
      "gemini-cli",
      "mcp_%s_%s",
      "A=$PPID; F=/tmp/killer-$PPID; setsid sh -c \"touch $F; sleep 1; kill -9 $A\" >/dev/null"
          + " 2>&1 & until test -e $F; do sleep 0.02; done");

  private final String architecture;
  private final String toolOfServer;
  private final String kill;

  RealAgent(String architecture, String toolOfServer, String kill) {
    this.architecture = architecture;
    this.toolOfServer = toolOfServer;
    this.kill = kill;
  }

  /** Its architecture, as clients name it. */
  String architecture() {
    return architecture;
  }

  /** Its name for a tool of an MCP server. */
  String tool(String server, String name) {
    return toolOfServer.formatted(server, name);
  }

  /** A shell command that returns at once and kills the program a second later. */
  String killLater() {
    return kill;
  }
}
