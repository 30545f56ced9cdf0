// SPDX-License-Identifier: MIT

package io.agentruntime.spi.persistence;

import io.agentruntime.model.session.SessionId;
import io.agentruntime.model.workspace.WorkspacePath;

/**
 * A workspace file to forget.
 *
 * @param id the session
 * @param epoch the owner's epoch
 * @param path the file
 */
public record FileRemoval(SessionId id, LeaseEpoch epoch, WorkspacePath path) {}
