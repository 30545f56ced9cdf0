// SPDX-License-Identifier: MIT

package io.agentruntime.core.sandbox;

import io.agentruntime.core.secret.SecretMask;
import io.agentruntime.core.workspace.WorkspaceKeeper;
import io.agentruntime.model.profile.AgentProfile;
import io.agentruntime.model.session.SessionId;
import io.agentruntime.model.transcript.Transcript;
import io.agentruntime.spi.architecture.AgentArchitecture;
import io.agentruntime.spi.sandbox.SandboxProvider;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a sandbox is prepared for.
 *
 * @param sessionId the session
 * @param generation part of the sandbox's name, never used before in this session
 * @param provider the sandbox provider
 * @param architecture the agent
 * @param profile its profile
 * @param options the session's options
 * @param nativeId the agent's own session id where it minted one
 * @param transcript the past
 * @param workspace puts the files into place
 * @param mask secrets that must not be shown
 */
public record PrepareRequest(
    SessionId sessionId,
    long generation,
    SandboxProvider provider,
    AgentArchitecture architecture,
    AgentProfile profile,
    Map<String, Object> options,
    @Nullable String nativeId,
    Transcript transcript,
    WorkspaceKeeper workspace,
    SecretMask mask) {}
