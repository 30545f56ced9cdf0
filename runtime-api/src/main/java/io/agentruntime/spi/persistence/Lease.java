// SPDX-License-Identifier: MIT

package io.agentruntime.spi.persistence;

import io.agentruntime.model.session.SessionId;
import java.time.Instant;

/**
 * Ownership of a session.
 *
 * @param id the session
 * @param owner who owns it
 * @param epoch the number that every write carries
 * @param until when it ends unless renewed
 */
public record Lease(SessionId id, String owner, LeaseEpoch epoch, Instant until) {}
