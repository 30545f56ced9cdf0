// SPDX-License-Identifier: MIT

package io.agentruntime.spi.persistence;

import io.agentruntime.model.session.SessionId;

/**
 * A workspace file to store.
 *
 * @param id the session
 * @param epoch the owner's epoch
 * @param file the file
 */
public record FileWrite(SessionId id, LeaseEpoch epoch, StoredFile file) {}
