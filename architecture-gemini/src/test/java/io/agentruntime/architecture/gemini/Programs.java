// SPDX-License-Identifier: MIT

package io.agentruntime.architecture.gemini;

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
        new GeminiArchitecture(),
        TestMachine.gemini(),
        Map.of("GOOGLE_GEMINI_BASE_URL", model.toString(), "GEMINI_API_KEY", "test-key"));
  }
}
