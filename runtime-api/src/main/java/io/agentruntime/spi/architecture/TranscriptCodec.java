// SPDX-License-Identifier: MIT

package io.agentruntime.spi.architecture;

import io.agentruntime.model.conversation.Conversation;
import io.agentruntime.model.session.SessionId;
import io.agentruntime.model.transcript.StoredTranscript;
import io.agentruntime.model.transcript.Transcript;
import io.agentruntime.spi.sandbox.SandboxPaths;
import org.jspecify.annotations.Nullable;

/**
 * Reads the agent's native transcripts. Pure and thread-safe.
 *
 * <p>Law: folding a turn's events gives what decoding its transcript gives, up to differences that
 * the architecture documents.
 */
public interface TranscriptCodec {
  /** Where a session's transcript lies in a sandbox. */
  TranscriptSource source(SessionId id, @Nullable String nativeId, SandboxPaths paths);

  /**
   * Decodes a transcript in time linear in its size. Lines that cannot be understood are skipped.
   */
  Conversation decode(Transcript transcript);

  /** The form that the nine basic persistence operations keep. */
  StoredTranscript toStored(Transcript transcript);

  /**
   * Back from that form, also from texts that the reference implementation stored.
   *
   * @param id the session
   * @param stored what was stored
   */
  Transcript fromStored(SessionId id, StoredTranscript stored);
}
