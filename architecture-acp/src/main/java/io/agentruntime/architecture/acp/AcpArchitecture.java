// SPDX-License-Identifier: MIT

package io.agentruntime.architecture.acp;

import io.agentruntime.architecture.support.acp.AcpProtocol;
import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.model.profile.AgentProfile;
import io.agentruntime.spi.ProviderContext;
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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Any program that speaks the Agent Client Protocol, by configuration alone: the option {@code acp}
 * of a session or profile, or the server's settings, say which program it is and how it is run.
 *
 * <p>Thread-safe; its only state is the server's settings, read by {@link #open}. {@link #validate}
 * throws {@code INVALID_ARGUMENT} for a malformed configuration and {@code
 * PROFILE_FIELD_UNSUPPORTED} for a profile field that no configuration can carry; both name the
 * field. What a program itself lacks (images, a kind of MCP server, another version of the
 * protocol) is known only when it runs: such a turn fails with {@code UNSUPPORTED}.
 */
public final class AcpArchitecture implements AgentArchitecture {
  private static final Set<ArchitectureCapability> CAPABILITIES =
      Set.copyOf(
          EnumSet.of(
              ArchitectureCapability.TEXT_DELTAS,
              ArchitectureCapability.THINKING_DELTAS,
              ArchitectureCapability.TOOL_OUTPUT,
              ArchitectureCapability.LIVE_TOOL_OUTPUT,
              ArchitectureCapability.INTERRUPT,
              ArchitectureCapability.PERMISSIONS,
              ArchitectureCapability.USAGE,
              ArchitectureCapability.COST,
              ArchitectureCapability.RESUME,
              ArchitectureCapability.IMAGES,
              ArchitectureCapability.INSTRUCTIONS,
              ArchitectureCapability.MCP));

  private volatile Map<String, Object> server = Map.of();

  /** No I/O; settings are read when it is opened. */
  public AcpArchitecture() {}

  @Override
  public String id() {
    return "acp";
  }

  @Override
  public Set<String> synonyms() {
    return Set.of("agent-client-protocol");
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
  public void open(ProviderContext context) {
    server = Map.copyOf(ServerSettings.read(context));
  }

  private ProgramConfig config(AgentProfile profile, Map<String, Object> options) {
    return ProgramConfig.of(server, profile, options);
  }

  /** All that the operator has released. */
  @Override
  public Credentials credentials() {
    return credentials(new Fields(server).names("secrets"));
  }

  @Override
  public Credentials credentials(AgentProfile profile, Map<String, Object> options) {
    try {
      return credentials(config(profile, options).secrets());
    } catch (AgentRuntimeException unusable) {
      // What is wrong is said by those that run something; to be masked is all of it.
      return credentials();
    }
  }

  /** None is a must: a program may be content with one of several keys, or with none. */
  private static Credentials credentials(List<String> names) {
    return new Credentials(List.of(), Set.copyOf(names), names);
  }

  @Override
  public void validate(AgentProfile profile, Map<String, Object> options) {
    ProfileChecks.check(profile, config(profile, options));
  }

  @Override
  public SandboxSetup setup(SetupRequest request) {
    validate(request.profile(), request.options());
    return AcpSetup.of(request, config(request.profile(), request.options()));
  }

  @Override
  public AgentProgram program(ProgramRequest request) {
    ProgramConfig config = config(request.profile(), request.options());
    Map<String, String> environment = new LinkedHashMap<>(request.profile().environment());
    environment.putAll(config.filled(config.environment(), request.paths()));
    return new AgentProgram(
        config.filled(config.command(), request.paths()),
        environment,
        request.paths().workspace(),
        true);
  }

  @Override
  public AgentProtocol protocol(ProtocolStart start) {
    ProgramConfig config = config(start.profile(), start.options());
    return new AcpProtocol(start, GenericDialect.of(config, start), new GenericConversation(start));
  }

  /** Of the server's own program. */
  @Override
  public TranscriptCodec transcripts() {
    return server.containsKey("command")
        ? AcpTranscripts.of(config(AgentProfile.named("server", "Server"), Map.of()))
        : AcpTranscripts.NONE;
  }

  @Override
  public TranscriptCodec transcripts(AgentProfile profile, Map<String, Object> options) {
    return AcpTranscripts.of(config(profile, options));
  }
}
