// SPDX-License-Identifier: MIT

package io.agentruntime.testkit.program;

import io.agentruntime.model.profile.AgentProfile;
import io.agentruntime.testkit.architecture.ProtocolInput;
import java.util.Map;

/**
 * What is recorded: a conversation with the real program.
 *
 * @param name the recording's name, that of its folder
 * @param profile the profile
 * @param options the session's options
 * @param resume whether the program is told to resume, although there is nothing to resume
 * @param script the conversation
 */
public record Scenario(
    String name, AgentProfile profile, Map<String, Object> options, boolean resume, Script script) {
  /** Copies the options. */
  public Scenario {
    options = Map.copyOf(options);
  }

  /** A conversation of a session without a past. */
  public Scenario(String name, AgentProfile profile, Map<String, Object> options, Script script) {
    this(name, profile, options, false, script);
  }

  /** A conversation; its inputs are what is kept, see {@link ProtocolInput}. */
  @FunctionalInterface
  public interface Script {
    /** Holds it, up to the end of the last turn. */
    void run(RunningAgent agent) throws Exception;
  }
}
