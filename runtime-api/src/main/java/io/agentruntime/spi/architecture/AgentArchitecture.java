// SPDX-License-Identifier: MIT

package io.agentruntime.spi.architecture;

import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.model.profile.AgentProfile;
import io.agentruntime.spi.Provider;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * The adapter for one agent program: four pure things (set-up, program, protocol, transcripts).
 *
 * <p>Sans-I/O: no method reads a file, a clock, a socket or a random source that it was not given;
 * the core does all that. The same inputs always give the same results, which makes recovery after
 * a crash exact and a recorded stream a complete test.
 */
public interface AgentArchitecture extends Provider {
  /** Other names under which clients may ask for it; replies echo what the client sent. */
  Set<String> synonyms();

  /** What it supports; constant. */
  Set<ArchitectureCapability> capabilities();

  /**
   * The version of the decoder: changes whenever the same native output would give other events.
   */
  String decoderVersion();

  /** A new session id in the form that the agent accepts as its own. */
  String newSessionId(Instant now, RandomGenerator random);

  /** Which variables of the server's environment the agent needs to reach its model. */
  Credentials credentials();

  /** The names of the programs that a sandbox must have on its path; empty when nobody can say. */
  default Set<String> executables() {
    return Set.of();
  }

  /**
   * Which of them a session needs; never others than {@link #credentials()} names.
   *
   * @param profile the session's profile
   * @param options the session's options, JSON-like
   */
  default Credentials credentials(AgentProfile profile, Map<String, Object> options) {
    return credentials();
  }

  /**
   * Refuses what this architecture cannot honour.
   *
   * @param profile the profile a session is to use
   * @param options the session's options, JSON-like
   * @throws AgentRuntimeException {@code PROFILE_FIELD_UNSUPPORTED} or {@code INVALID_ARGUMENT},
   *     naming the field
   */
  void validate(AgentProfile profile, Map<String, Object> options);

  /** What must lie in a fresh sandbox and what must run there once. */
  SandboxSetup setup(SetupRequest request);

  /** How the program is started. */
  AgentProgram program(ProgramRequest request);

  /** A new protocol state machine for one process, or for the part of one after a restart. */
  AgentProtocol protocol(ProtocolStart start);

  /** Where the transcript is and how it decodes. */
  TranscriptCodec transcripts();

  /**
   * The same for a session whose profile or options say where its transcript is.
   *
   * @param profile the session's profile
   * @param options the session's options when it was loaded, JSON-like
   */
  default TranscriptCodec transcripts(AgentProfile profile, Map<String, Object> options) {
    return transcripts();
  }
}
