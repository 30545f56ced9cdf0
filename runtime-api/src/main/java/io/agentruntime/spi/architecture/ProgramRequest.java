// SPDX-License-Identifier: MIT

package io.agentruntime.spi.architecture;

import io.agentruntime.model.JsonValues;
import io.agentruntime.model.profile.AgentProfile;
import io.agentruntime.model.session.SessionId;
import io.agentruntime.spi.sandbox.SandboxPaths;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the program is started for.
 *
 * @param sessionId the session
 * @param nativeId the agent's own session id where it minted one, else null
 * @param profile the profile
 * @param options the session's options, JSON-like
 * @param resume whether the agent knows the session already: its transcript lies in the sandbox
 * @param paths where things are
 */
public record ProgramRequest(
    SessionId sessionId,
    @Nullable String nativeId,
    AgentProfile profile,
    Map<String, Object> options,
    boolean resume,
    SandboxPaths paths) {
  /** Copies the options. */
  public ProgramRequest {
    options = JsonValues.copy(options);
  }
}
