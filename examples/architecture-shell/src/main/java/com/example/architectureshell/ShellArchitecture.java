package com.example.architectureshell;

import io.agentruntime.model.transcript.TranscriptEntry;
import io.agentruntime.spi.architecture.AgentArchitecture;
import io.agentruntime.spi.architecture.AgentProgram;
import io.agentruntime.spi.architecture.AgentProtocol;
import io.agentruntime.spi.architecture.ArchitectureCapability;
import io.agentruntime.spi.architecture.ProgramRequest;
import io.agentruntime.spi.architecture.ProtocolStart;
import io.agentruntime.spi.architecture.SandboxSetup;
import io.agentruntime.spi.architecture.SetupRequest;
import io.agentruntime.spi.architecture.TranscriptCodec;
import io.agentruntime.spi.sandbox.FileUpload;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** An agent that runs what it is told as a command. Immutable and thread-safe. */
public final class ShellArchitecture implements AgentArchitecture {
  private static final String AGENT = load();

  /** Needed by the service loader. */
  public ShellArchitecture() {}

  private static String load() {
    try (InputStream in = ShellArchitecture.class.getResourceAsStream("agent.sh")) {
      if (in == null) {
        throw new IllegalStateException("agent.sh is missing from the jar");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  // tag::identity[]
  @Override
  public String id() {
    return "shell";
  }

  @Override
  public Set<ArchitectureCapability> capabilities() {
    return Set.of(ArchitectureCapability.TOOL_OUTPUT, ArchitectureCapability.RESUME);
  }

  @Override
  public String decoderVersion() {
    return "1";
  }

  // end::identity[]

  @Override
  public Set<String> executables() {
    return Set.of("sh");
  }

  // tag::setup[]
  @Override
  public SandboxSetup setup(SetupRequest request) {
    String folder = ShellTranscripts.folder(request.paths());
    List<FileUpload> files = new ArrayList<>();
    files.add(FileUpload.text(folder + "/agent.sh", 0755, AGENT));
    for (TranscriptEntry entry : request.transcript().entries()) {
      files.add(FileUpload.text(folder + "/" + entry.name(), 0600, entry.content()));
    }
    return new SandboxSetup(files, List.of(), request.profile().environment(), List.of());
  }

  @Override
  public AgentProgram program(ProgramRequest request) {
    String folder = ShellTranscripts.folder(request.paths());
    String transcript = folder + "/" + ShellTranscripts.name(request.sessionId());
    return new AgentProgram(
        List.of("sh", folder + "/agent.sh", transcript),
        Map.of(),
        request.paths().workspace(),
        true);
  }

  // end::setup[]

  @Override
  public AgentProtocol protocol(ProtocolStart start) {
    return new ShellProtocol(start);
  }

  @Override
  public TranscriptCodec transcripts() {
    return new ShellTranscripts();
  }
}
