// SPDX-License-Identifier: MIT

package io.agentruntime.architecture.opencode;

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
        new OpenCodeArchitecture(),
        TestMachine.openCode(),
        Map.of("OPENAI_BASE_URL", model + "/v1", "OPENAI_API_KEY", "test-key"));
  }
}
