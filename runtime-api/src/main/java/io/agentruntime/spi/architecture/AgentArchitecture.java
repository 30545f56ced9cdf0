// SPDX-License-Identifier: MIT

package io.agentruntime.spi.architecture;

import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import io.agentruntime.model.profile.AgentProfile;
import io.agentruntime.spi.Provider;
import io.agentruntime.spi.ProviderContext;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.random.RandomGenerator;

/**
 * The adapter for one agent program: four pure things (set-up, program, protocol, transcripts).
 *
 * <p>Sans-I/O: no method reads a file, a clock, a socket or a random source that it was not given;
 * the core does all that. The same inputs always give the same results, which makes recovery after
 * a crash exact and a recorded stream a complete test.
 */
public interface AgentArchitecture extends Provider {
  /**
   * Takes its settings. As it is, there are none, and whoever gives some is told.
   *
   * @throws AgentRuntimeException {@code CONFIGURATION}, naming a setting that is not known
   */
  @Override
  default void open(ProviderContext context) {
    Set<String> given = new TreeSet<>(context.settingKeys());
    if (!given.isEmpty()) {
      throw new AgentRuntimeException(
          StandardError.CONFIGURATION,
          "architecture '" + id() + "' has no settings, but was given " + given);
    }
  }

  /** Nothing, as nothing that has to be closed may be opened. */
  @Override
  default void close() {}

  /** Other names under which clients may ask for it; replies echo what the client sent. */
  default Set<String> synonyms() {
    return Set.of();
  }

  /** What it supports; constant. */
  Set<ArchitectureCapability> capabilities();

  /**
   * The version of the decoder: changes whenever the same native output would give other events.
   */
  String decoderVersion();

  /**
   * A new session id in the form that the agent accepts as its own. As it is, a random UUID.
   *
   * @param now the time
   * @param random where all of its randomness comes from
   */
  default String newSessionId(Instant now, RandomGenerator random) {
    // Version 4, variant 1: RFC 9562, sections 4 and 5.4.
    long high = (random.nextLong() & ~0xF000L) | 0x4000L;
    long low = (random.nextLong() & 0x3FFF_FFFF_FFFF_FFFFL) | 0x8000_0000_0000_0000L;
    return new UUID(high, low).toString();
  }

  /** Which variables of the server's environment the agent needs to reach its model; or none. */
  default Credentials credentials() {
    return new Credentials(List.of(), Set.of(), List.of());
  }

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
   * Refuses what this architecture cannot honour. As it is, every part of a profile that is meant
   * for the agent ({@link AgentProfile#partsForAgent()}), but for variables, which {@code setup}
   * hands on; and a model that is no text.
   *
   * @param profile the profile a session is to use
   * @param options the session's options, JSON-like
   * @throws AgentRuntimeException {@code PROFILE_FIELD_UNSUPPORTED} or {@code INVALID_ARGUMENT},
   *     naming the field
   */
  default void validate(AgentProfile profile, Map<String, Object> options) {
    for (String part : profile.partsForAgent()) {
      if (!part.equals("environment")) {
        throw new AgentRuntimeException(
            StandardError.PROFILE_FIELD_UNSUPPORTED,
            "profile." + part + ": architecture '" + id() + "' does not support it");
      }
    }
    Object model = options.get("model");
    if (model != null && !(model instanceof String)) {
      throw AgentRuntimeException.invalid("sessionOptions.model", "a text");
    }
  }

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
