// SPDX-License-Identifier: MIT

package io.agentruntime.core.state;

import io.agentruntime.core.RuntimeConfig;
import io.agentruntime.core.event.SessionLog;
import io.agentruntime.core.secret.SecretMask;
import io.agentruntime.core.store.SessionStorage;
import io.agentruntime.core.store.SessionStore;
import io.agentruntime.core.workspace.TranscriptKeeper;
import io.agentruntime.core.workspace.WorkspaceKeeper;
import io.agentruntime.model.profile.AgentProfile;
import io.agentruntime.model.session.SessionId;
import io.agentruntime.spi.architecture.AgentArchitecture;
import io.agentruntime.spi.persistence.LeaseEpoch;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * What the parts of one session share. Immutable.
 *
 * @param id the session
 * @param config the runtime's configuration
 * @param architecture the agent
 * @param profile its profile
 * @param sandboxProvider the provider that the session asked for, null for the default
 * @param epoch the epoch under which it is owned
 * @param log its event log
 * @param store the store
 * @param storage its transcript and workspace in the store
 * @param workspace keeps its workspace; used by the serial worker alone
 * @param transcript keeps its transcript; used by the serial worker alone
 * @param mask secrets that must not be shown
 * @param mailbox the actor's mailbox
 * @param worker does blocking work on the sandbox
 * @param records stores changes of the record
 * @param clock the clock
 */
public record SessionScope(
    SessionId id,
    RuntimeConfig config,
    AgentArchitecture architecture,
    AgentProfile profile,
    @Nullable String sandboxProvider,
    LeaseEpoch epoch,
    SessionLog log,
    SessionStore store,
    SessionStorage storage,
    WorkspaceKeeper workspace,
    TranscriptKeeper transcript,
    SecretMask mask,
    Mailbox mailbox,
    SerialWorker worker,
    SerialWorker records,
    InstantSource clock) {
  @Override
  public String toString() {
    return "SessionScope[" + id + "]";
  }
}
