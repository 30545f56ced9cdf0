// SPDX-License-Identifier: MIT

package io.agentruntime.spi.persistence;

import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.model.session.SessionId;
import io.agentruntime.model.workspace.WorkspacePath;

/**
 * New bytes of a transcript file.
 *
 * @param id the session
 * @param epoch the owner's epoch
 * @param name the file, as in {@link io.agentruntime.model.transcript.TranscriptEntry#name()}
 * @param offset how many of its present bytes stay
 * @param bytes what follows; must not be changed afterwards
 */
public record TranscriptChunk(
    SessionId id, LeaseEpoch epoch, String name, long offset, byte[] bytes) {
  /** Checks name and offset. */
  public TranscriptChunk {
    new WorkspacePath(name);
    if (offset < 0) {
      throw AgentRuntimeException.invalid("offset", "0 or more");
    }
  }

  @Override
  public String toString() {
    return "TranscriptChunk["
        + id
        + ", "
        + name
        + " at "
        + offset
        + ", "
        + bytes.length
        + " bytes]";
  }
}
