// SPDX-License-Identifier: MIT

package io.agentruntime.architecture.acp;

import io.agentruntime.testkit.requirement.RequiresGemini;

/** The real Gemini CLI, without anything that knows it. */
@RequiresGemini
final class GeminiOverAcpIT extends ProgramContract {
  GeminiOverAcpIT() {
    super(Programs.GEMINI);
  }

  @Override
  String mcpTool(String server, String tool) {
    return "mcp_" + server + "_" + tool;
  }

  /** It keeps that to its own records. */
  @Override
  boolean tellsOutput() {
    return false;
  }
}
