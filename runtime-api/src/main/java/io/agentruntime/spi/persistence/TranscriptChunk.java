package io.agentruntime.spi.persistence;

import io.agentruntime.model.session.SessionId;

/**
 * New bytes of a transcript file.
 *
 * @param id the session
 * @param epoch the owner's epoch
 * @param name the file
 * @param offset how many of its present bytes stay
 * @param bytes what follows; must not be changed afterwards
 */
public record TranscriptChunk(
    SessionId id, LeaseEpoch epoch, String name, long offset, byte[] bytes) {
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
