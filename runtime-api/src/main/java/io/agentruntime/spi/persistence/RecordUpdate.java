// SPDX-License-Identifier: MIT

package io.agentruntime.spi.persistence;

import io.agentruntime.model.session.SessionId;
import io.agentruntime.model.session.SessionUpdate;

/**
 * A partial update of a session's record.
 *
 * @param id the session
 * @param epoch the owner's epoch
 * @param update what changes
 */
public record RecordUpdate(SessionId id, LeaseEpoch epoch, SessionUpdate update) {}
