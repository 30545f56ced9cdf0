// SPDX-License-Identifier: MIT

package io.agentruntime.architecture.claude;

import io.agentruntime.model.profile.AgentProfile;
import io.agentruntime.spi.architecture.AgentArchitecture;
import io.agentruntime.spi.architecture.AgentProgram;
import io.agentruntime.spi.architecture.AgentProtocol;
import io.agentruntime.spi.architecture.ArchitectureCapability;
import io.agentruntime.spi.architecture.Credentials;
import io.agentruntime.spi.architecture.ProgramRequest;
import io.agentruntime.spi.architecture.ProtocolStart;
import io.agentruntime.spi.architecture.SandboxSetup;
import io.agentruntime.spi.architecture.SetupRequest;
import io.agentruntime.spi.architecture.TranscriptCodec;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The Claude Code program, driven over its stream-json protocol: one process serves many turns.
 *
 * <p>Immutable and thread-safe. {@link #validate} throws {@code INVALID_ARGUMENT} for a session
 * option of a wrong type or a malformed profile field, and {@code PROFILE_FIELD_UNSUPPORTED} for a
 * field that the program cannot honour; both name the field.
 */
public final class ClaudeArchitecture implements AgentArchitecture {
  private static final List<String> KEYS =
      List.of("ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN", "CLAUDE_CODE_OAUTH_TOKEN");
  private static final Credentials CREDENTIALS =
      new Credentials(
          KEYS,
          Set.copyOf(KEYS),
          List.of(
              "ANTHROPIC_BASE_URL",
              "ANTHROPIC_MODEL",
              "ANTHROPIC_SMALL_FAST_MODEL",
              "ANTHROPIC_DEFAULT_OPUS_MODEL",
              "ANTHROPIC_DEFAULT_SONNET_MODEL",
              "ANTHROPIC_DEFAULT_HAIKU_MODEL",
              "HTTPS_PROXY",
              "HTTP_PROXY",
              "NO_PROXY"));

  private final TranscriptCodec transcripts = new ClaudeTranscripts();

  /** Does nothing; there is no state. */
  public ClaudeArchitecture() {}

  @Override
  public String id() {
    return "claude-agent-sdk";
  }

  @Override
  public Set<String> synonyms() {
    return Set.of("claude-sdk");
  }

  @Override
  public Set<ArchitectureCapability> capabilities() {
    // The program prints what a command has printed when the command has ended.
    return EnumSet.complementOf(EnumSet.of(ArchitectureCapability.LIVE_TOOL_OUTPUT));
  }

  @Override
  public String decoderVersion() {
    return "2";
  }

  @Override
  public Credentials credentials() {
    return CREDENTIALS;
  }

  @Override
  public Set<String> executables() {
    return Set.of("claude");
  }

  @Override
  public void validate(AgentProfile profile, Map<String, Object> options) {
    ProfileChecks.check(profile);
    ClaudeOptions.of(profile, options);
  }

  @Override
  public SandboxSetup setup(SetupRequest request) {
    validate(request.profile(), request.options());
    return ClaudeSetup.of(request);
  }

  @Override
  public AgentProgram program(ProgramRequest request) {
    return ClaudeProgram.of(request);
  }

  @Override
  public AgentProtocol protocol(ProtocolStart start) {
    return new ClaudeProtocol(start);
  }

  @Override
  public TranscriptCodec transcripts() {
    return transcripts;
  }
}
