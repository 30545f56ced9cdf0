// SPDX-License-Identifier: MIT

package io.agentruntime.architecture.claude;

import io.agentruntime.testkit.program.RealProgram;
import io.agentruntime.testkit.requirement.TestMachine;
import java.net.URI;
import java.util.Map;

/** The real program of the tests. */
final class Programs {
  private Programs() {}

  /** The installed program, talking to the model at {@code model}. */
  static RealProgram at(URI model) {
    return new RealProgram(
        new ClaudeArchitecture(),
        TestMachine.claude(),
        Map.of("ANTHROPIC_BASE_URL", model.toString(), "ANTHROPIC_API_KEY", "test-key"));
  }
}
