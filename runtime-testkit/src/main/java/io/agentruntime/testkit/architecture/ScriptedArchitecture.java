// SPDX-License-Identifier: MIT

package io.agentruntime.testkit.architecture;

import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import io.agentruntime.model.profile.AgentProfile;
import io.agentruntime.model.profile.PermissionPolicy;
import io.agentruntime.model.transcript.TranscriptEntry;
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
import io.agentruntime.spi.sandbox.FileUpload;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.random.RandomGenerator;

/**
 * An architecture for tests: its agent does what the messages say, see {@link ScriptedProgram}.
 *
 * <p>Its program's name is {@value #PROGRAM}; a fake sandbox runs {@link ScriptedProgram#run} under
 * it. Immutable and thread-safe.
 */
public final class ScriptedArchitecture implements AgentArchitecture {
  /** The program's name in commands. */
  public static final String PROGRAM = "scripted-agent";

  private static final Set<ArchitectureCapability> CAPABILITIES =
      Set.copyOf(
          EnumSet.of(
              ArchitectureCapability.TEXT_DELTAS,
              ArchitectureCapability.THINKING_DELTAS,
              ArchitectureCapability.TOOL_OUTPUT,
              ArchitectureCapability.SUBAGENTS,
              ArchitectureCapability.INTERRUPT,
              ArchitectureCapability.STEER,
              ArchitectureCapability.PERMISSIONS,
              ArchitectureCapability.USAGE,
              ArchitectureCapability.COST,
              ArchitectureCapability.RESUME,
              ArchitectureCapability.IMAGES,
              ArchitectureCapability.SYSTEM_PROMPT,
              ArchitectureCapability.TOOL_CHOICE));

  private final boolean servesManyTurns;
  private final Credentials credentials;

  /** One process serves many turns; no credentials are needed. */
  public ScriptedArchitecture() {
    this(true, new Credentials(List.of(), Set.of(), List.of()));
  }

  /**
   * Another shape of agent.
   *
   * @param servesManyTurns whether one process serves many turns
   * @param credentials what it claims to need
   */
  public ScriptedArchitecture(boolean servesManyTurns, Credentials credentials) {
    this.servesManyTurns = servesManyTurns;
    this.credentials = credentials;
  }

  @Override
  public String id() {
    return "scripted";
  }

  @Override
  public Set<String> synonyms() {
    return Set.of("scripted-agent");
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
    // Pure: there is nothing to open.
  }

  @Override
  public void close() {
    // Pure: there is nothing to close.
  }

  @Override
  public String newSessionId(Instant now, RandomGenerator random) {
    return new UUID(random.nextLong(), random.nextLong()).toString();
  }

  @Override
  public Credentials credentials() {
    return credentials;
  }

  /** The option {@code key} names the one variable that a session needs, among those of all. */
  @Override
  public Credentials credentials(AgentProfile profile, Map<String, Object> options) {
    Object key = options.get("key");
    return key == null || !credentials.anyOf().contains(key.toString())
        ? credentials
        : new Credentials(List.of(key.toString()), Set.of(key.toString()), credentials.optional());
  }

  @Override
  public Set<String> executables() {
    return Set.of(PROGRAM);
  }

  @Override
  public void validate(AgentProfile profile, Map<String, Object> options) {
    if (options.get("model") != null && !(options.get("model") instanceof String)) {
      throw AgentRuntimeException.invalid("sessionOptions.model", "a text");
    }
    refuse(!profile.rules().isEmpty(), "rules");
    refuse(!profile.skills().isEmpty(), "skills");
    refuse(!profile.subagents().isEmpty(), "subagents");
    refuse(!profile.npmDependencies().isEmpty(), "npmDependencies");
    refuse(!profile.pipDependencies().isEmpty(), "pipDependencies");
    refuse(!profile.commands().isEmpty(), "commands");
    refuse(!profile.mcpServers().isEmpty(), "mcpServers");
    refuse(!profile.plugins().isEmpty(), "plugins");
    refuse(!profile.hooks().isEmpty(), "hooks");
  }

  private void refuse(boolean used, String field) {
    if (used) {
      throw new AgentRuntimeException(
          StandardError.PROFILE_FIELD_UNSUPPORTED,
          "architecture '" + id() + "' does not support the profile field '" + field + "'");
    }
  }

  @Override
  public SandboxSetup setup(SetupRequest request) {
    validate(request.profile(), request.options());
    List<FileUpload> files = new ArrayList<>();
    String folder = ScriptedTranscripts.folder(request.paths());
    for (TranscriptEntry entry : request.transcript().entries()) {
      files.add(FileUpload.text(folder + "/" + entry.name(), 0600, entry.content()));
    }
    // The program reads no prompts, so this is all that can be done with them.
    String systemPrompt = request.profile().systemPrompt();
    if (systemPrompt != null) {
      files.add(FileUpload.text(folder + "/system-prompt", 0600, systemPrompt));
    }
    List<String> tools = request.profile().tools();
    if (tools != null) {
      files.add(FileUpload.text(folder + "/tools", 0600, String.join("\n", tools)));
    }
    return new SandboxSetup(files, List.of(), request.profile().environment(), List.of());
  }

  @Override
  public AgentProgram program(ProgramRequest request) {
    List<String> command =
        new ArrayList<>(
            List.of(
                PROGRAM,
                "--transcript",
                ScriptedTranscripts.folder(request.paths())
                    + "/"
                    + ScriptedTranscripts.name(request.sessionId())));
    if (!servesManyTurns) {
      command.add("--one-turn");
    }
    if (request.profile().permissions() == PermissionPolicy.BYPASS) {
      command.add("--bypass");
    }
    return new AgentProgram(command, Map.of(), request.paths().workspace(), servesManyTurns);
  }

  @Override
  public AgentProtocol protocol(ProtocolStart start) {
    return new ScriptedProtocol(start);
  }

  @Override
  public TranscriptCodec transcripts() {
    return new ScriptedTranscripts();
  }
}
