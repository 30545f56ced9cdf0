// SPDX-License-Identifier: MIT

package io.agentruntime.spi.architecture;

import io.agentruntime.model.JsonValues;
import io.agentruntime.model.profile.AgentProfile;
import io.agentruntime.model.session.SessionId;
import io.agentruntime.model.transcript.Transcript;
import io.agentruntime.spi.sandbox.SandboxPaths;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a fresh sandbox is set up for.
 *
 * @param sessionId the session
 * @param nativeId the agent's own session id where it minted one, else null
 * @param profile the profile
 * @param options the session's options, JSON-like
 * @param transcript the past to restore; empty for a session that has none
 * @param paths where things are
 */
public record SetupRequest(
    SessionId sessionId,
    @Nullable String nativeId,
    AgentProfile profile,
    Map<String, Object> options,
    Transcript transcript,
    SandboxPaths paths) {
  /** Copies the options. */
  public SetupRequest {
    options = JsonValues.copy(options);
  }
}
