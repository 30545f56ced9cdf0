// SPDX-License-Identifier: MIT

package io.agentruntime.architecture.gemini;

import io.agentruntime.architecture.support.acp.AcpProtocol;
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
 * The Gemini CLI program, driven over the Agent Client Protocol: one process serves many turns. A
 * small bridge in the sandbox merges the program's own records into its output.
 *
 * <p>Immutable and thread-safe. {@link #validate} throws {@code INVALID_ARGUMENT} for a session
 * option of a wrong type or a malformed profile field, and {@code PROFILE_FIELD_UNSUPPORTED} for a
 * field that the program cannot honour; both name the field.
 */
public final class GeminiArchitecture implements AgentArchitecture {
  private static final Credentials CREDENTIALS =
      new Credentials(
          List.of("GEMINI_API_KEY"),
          Set.of("GEMINI_API_KEY"),
          List.of("GOOGLE_GEMINI_BASE_URL", "HTTPS_PROXY", "HTTP_PROXY", "NO_PROXY"));

  private static final Set<ArchitectureCapability> CAPABILITIES =
      Set.copyOf(
          EnumSet.of(
              ArchitectureCapability.TEXT_DELTAS,
              ArchitectureCapability.THINKING_DELTAS,
              ArchitectureCapability.TOOL_OUTPUT,
              ArchitectureCapability.SUBAGENTS,
              ArchitectureCapability.INTERRUPT,
              ArchitectureCapability.PERMISSIONS,
              ArchitectureCapability.USAGE,
              ArchitectureCapability.RESUME,
              ArchitectureCapability.IMAGES,
              ArchitectureCapability.SYSTEM_PROMPT,
              ArchitectureCapability.INSTRUCTIONS,
              ArchitectureCapability.TOOL_CHOICE,
              ArchitectureCapability.SKILLS,
              ArchitectureCapability.SUBAGENT_DEFINITIONS,
              ArchitectureCapability.COMMANDS,
              ArchitectureCapability.MCP));

  private final TranscriptCodec transcripts = new GeminiTranscripts();

  /** Does nothing; there is no state. */
  public GeminiArchitecture() {}

  @Override
  public String id() {
    return "gemini-cli";
  }

  @Override
  public Set<String> synonyms() {
    return Set.of("gemini");
  }

  @Override
  public Set<ArchitectureCapability> capabilities() {
    return CAPABILITIES;
  }

  @Override
  public String decoderVersion() {
    return "1";
  }

  @Override
  public Credentials credentials() {
    return CREDENTIALS;
  }

  @Override
  public Set<String> executables() {
    return Set.of("gemini", "node");
  }

  @Override
  public void validate(AgentProfile profile, Map<String, Object> options) {
    ProfileChecks.check(profile);
    GeminiOptions.of(profile, options);
  }

  @Override
  public SandboxSetup setup(SetupRequest request) {
    validate(request.profile(), request.options());
    return GeminiSetup.of(request);
  }

  @Override
  public AgentProgram program(ProgramRequest request) {
    return GeminiProgram.of(request);
  }

  @Override
  public AgentProtocol protocol(ProtocolStart start) {
    return new AcpProtocol(
        start, new GeminiDialect(start.profile()), new GeminiConversation(start));
  }

  @Override
  public TranscriptCodec transcripts() {
    return transcripts;
  }
}
