// SPDX-License-Identifier: MIT

package io.agentruntime.testkit.sandbox;

import io.agentruntime.testkit.architecture.ScriptedProgram;
import java.io.IOException;

/** A program of a {@link FakeSandboxProvider}: plain Java in place of a process. */
@FunctionalInterface
public interface FakeProgram {
  /**
   * Runs on a thread of its own, which is interrupted when a signal ends the program.
   *
   * @return the exit code; an exception ends the program with code 70 and its text on stderr
   */
  int run(FakeMachine machine) throws IOException, InterruptedException;

  /** The program side of the scripted architecture; see {@link ScriptedProgram}. */
  static FakeProgram scripted() {
    return ScriptedProgram::run;
  }
}
