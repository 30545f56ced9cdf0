// SPDX-License-Identifier: MIT

package io.agentruntime.architecture.opencode;

import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import io.agentruntime.model.profile.AgentProfile;
import io.agentruntime.spi.ProviderContext;
import io.agentruntime.spi.Secret;
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
import java.time.Instant;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * The OpenCode program, driven over its own server: one process serves many turns. A small bridge
 * in the sandbox, run by the program itself, turns the server's requests and events into lines.
 *
 * <p>Thread-safe, and immutable once open. {@link #validate} throws {@code INVALID_ARGUMENT} for a
 * session option of a wrong type or a malformed profile field, and {@code
 * PROFILE_FIELD_UNSUPPORTED} for a field that the program cannot honour; both name the field.
 */
public final class OpenCodeArchitecture implements AgentArchitecture {
  private static final long TIME_BITS = 0xffff_ffff_ffffL;
  private static final int RANDOM_DIGITS = 11;
  private static final int RADIX = 36;

  private static final Set<ArchitectureCapability> CAPABILITIES =
      Set.copyOf(
          EnumSet.of(
              ArchitectureCapability.TEXT_DELTAS,
              ArchitectureCapability.THINKING_DELTAS,
              ArchitectureCapability.TOOL_OUTPUT,
              ArchitectureCapability.LIVE_TOOL_OUTPUT,
              ArchitectureCapability.SUBAGENTS,
              ArchitectureCapability.INTERRUPT,
              ArchitectureCapability.PERMISSIONS,
              ArchitectureCapability.USAGE,
              ArchitectureCapability.COST,
              ArchitectureCapability.RESUME,
              ArchitectureCapability.IMAGES,
              ArchitectureCapability.SYSTEM_PROMPT,
              ArchitectureCapability.INSTRUCTIONS,
              ArchitectureCapability.TOOL_CHOICE,
              ArchitectureCapability.SKILLS,
              ArchitectureCapability.SUBAGENT_DEFINITIONS,
              ArchitectureCapability.COMMANDS,
              ArchitectureCapability.MCP));

  private static final String MODEL_SETTING = "model";
  private static final String MODEL_VARIABLE = "OPENCODE_MODEL";

  private final TranscriptCodec transcripts = new OpenCodeTranscripts();
  private volatile String defaultModel = OpenCodeOptions.DEFAULT_MODEL;

  /** Does nothing; there is no state. */
  public OpenCodeArchitecture() {}

  @Override
  public String id() {
    return "opencode";
  }

  @Override
  public Set<ArchitectureCapability> capabilities() {
    return CAPABILITIES;
  }

  @Override
  public String decoderVersion() {
    return "1";
  }

  /**
   * Takes the model of sessions that name none: the setting {@code model}, else the variable {@code
   * OPENCODE_MODEL}.
   */
  @Override
  public void open(ProviderContext context) {
    for (String key : context.settingKeys()) {
      if (!key.equals(MODEL_SETTING)) {
        throw new AgentRuntimeException(
            StandardError.CONFIGURATION, "architecture.opencode has no setting '" + key + "'");
      }
    }
    defaultModel =
        context
            .setting(MODEL_SETTING)
            .or(() -> context.secret(MODEL_VARIABLE).map(Secret::reveal))
            .map(OpenCodeOptions::model)
            .orElse(OpenCodeOptions.DEFAULT_MODEL);
  }

  /** In the program's form, {@code ses_TIME_RANDOM}; the program itself mints another. */
  @Override
  public String newSessionId(Instant now, RandomGenerator random) {
    StringBuilder id = new StringBuilder("ses_");
    id.append("%012x_".formatted(now.toEpochMilli() & TIME_BITS));
    for (int i = 0; i < RANDOM_DIGITS; i++) {
      id.append(Character.forDigit(random.nextInt(RADIX), RADIX));
    }
    return id.toString();
  }

  @Override
  public Credentials credentials() {
    return Providers.all();
  }

  @Override
  public Credentials credentials(AgentProfile profile, Map<String, Object> options) {
    return Providers.of(options(profile, options));
  }

  @Override
  public Set<String> executables() {
    return Set.of("opencode");
  }

  @Override
  public void validate(AgentProfile profile, Map<String, Object> options) {
    ProfileChecks.check(profile);
    options(profile, options);
  }

  @Override
  public SandboxSetup setup(SetupRequest request) {
    validate(request.profile(), request.options());
    return OpenCodeSetup.of(request, options(request.profile(), request.options()));
  }

  @Override
  public AgentProgram program(ProgramRequest request) {
    return OpenCodeProgram.of(request);
  }

  @Override
  public AgentProtocol protocol(ProtocolStart start) {
    return new OpenCodeProtocol(start, options(start.profile(), start.options()));
  }

  private OpenCodeOptions options(AgentProfile profile, Map<String, Object> options) {
    return OpenCodeOptions.of(profile, options, defaultModel);
  }

  @Override
  public TranscriptCodec transcripts() {
    return transcripts;
  }
}
