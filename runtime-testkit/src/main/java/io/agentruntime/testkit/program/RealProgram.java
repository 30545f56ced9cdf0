// SPDX-License-Identifier: MIT

package io.agentruntime.testkit.program;

import io.agentruntime.spi.architecture.AgentArchitecture;
import java.nio.file.Path;
import java.util.Map;

/**
 * The real program of an architecture, as it is installed on this machine.
 *
 * @param architecture how it is set up, started and understood; each process gets a protocol of its
 *     own from it
 * @param executable the program; its folder stands first in the path of what is started
 * @param environment what reaches the program beside its path and home: where the model is, the
 *     key; the test's own environment does not reach it
 */
public record RealProgram(
    AgentArchitecture architecture, Path executable, Map<String, String> environment) {
  /** Copies the map. */
  public RealProgram {
    environment = Map.copyOf(environment);
  }
}
