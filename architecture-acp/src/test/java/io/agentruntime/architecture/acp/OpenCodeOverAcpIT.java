// SPDX-License-Identifier: MIT

package io.agentruntime.architecture.acp;

import io.agentruntime.testkit.requirement.RequiresOpenCode;

/** The real OpenCode, without anything that knows it. */
@RequiresOpenCode
final class OpenCodeOverAcpIT extends ProgramContract {
  OpenCodeOverAcpIT() {
    super(Programs.OPENCODE);
  }

  @Override
  String mcpTool(String server, String tool) {
    return server + "_" + tool;
  }

  @Override
  boolean tellsOutput() {
    return true;
  }

  /**
   * No test here: it starts the program four times. Whole conversations with it through the server
   * show the same.
   */
  @Override
  void afterAKillAndInAFreshSandboxItRemembersWhatWasSaid() {}
}
