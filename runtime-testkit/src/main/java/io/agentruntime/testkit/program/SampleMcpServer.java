// SPDX-License-Identifier: MIT

package io.agentruntime.testkit.program;

import io.agentruntime.model.profile.McpServer;
import io.agentruntime.model.profile.ProfileFile;
import java.util.List;
import java.util.Map;

/** An MCP server over stdio, in a few lines of JavaScript for Node: one tool that greets. */
public final class SampleMcpServer {
  private SampleMcpServer() {}

  /**
   * The server in a profile, greeting with {@code hello}. It starts only where it was installed.
   *
   * @param name what it is called; letters only
   */
  public static McpServer.Bundled bundled(String name) {
    return new McpServer.Bundled(
        name,
        null,
        List.of(ProfileFile.text("server.js", source(name))),
        "touch installed",
        "test -e installed && exec node server.js",
        Map.of("GREETING", "hello"));
  }

  /**
   * Its program. The tool {@code greet} says {@code NAME says } and the variable {@code GREETING}.
   *
   * @param name what it calls itself; letters only
   */
  public static String source(String name) {
    return """
    const lines = require('readline').createInterface({ input: process.stdin });
    const reply = (id, result) =>
      process.stdout.write(JSON.stringify({ jsonrpc: '2.0', id, result }) + '\\n');
    lines.on('line', (line) => {
      const m = JSON.parse(line);
      if (m.method === 'initialize') {
        reply(m.id, {
          protocolVersion: m.params.protocolVersion,
          capabilities: { tools: {} },
          serverInfo: { name: 'sample', version: '1' },
        });
      } else if (m.method === 'tools/list') {
        const inputSchema = { type: 'object', properties: {} };
        reply(m.id, { tools: [{ name: 'greet', description: 'Greets', inputSchema }] });
      } else if (m.method === 'tools/call') {
        const text = 'NAME says ' + process.env.GREETING;
        reply(m.id, { content: [{ type: 'text', text }] });
      } else if (m.id !== undefined) {
        reply(m.id, {});
      }
    });
    """
        .replace("NAME", name);
  }
}
