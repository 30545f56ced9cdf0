// SPDX-License-Identifier: MIT

package io.agentruntime.core;

import io.agentruntime.model.conversation.Conversation;
import io.agentruntime.model.profile.AgentProfile;
import io.agentruntime.model.session.SessionId;
import io.agentruntime.model.transcript.StoredTranscript;
import io.agentruntime.model.transcript.Transcript;
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
import io.agentruntime.spi.architecture.TranscriptSource;
import io.agentruntime.spi.sandbox.SandboxPaths;
import io.agentruntime.testkit.architecture.ScriptedArchitecture;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The scripted agent with a process for each turn, declared to be capable of nothing, with records
 * that nobody finds.
 */
final class LimitedArchitecture implements AgentArchitecture {
  private final ScriptedArchitecture agent =
      new ScriptedArchitecture(false, new Credentials(List.of(), Set.of(), List.of()));

  @Override
  public String id() {
    return "limited";
  }

  @Override
  public Set<String> synonyms() {
    return Set.of();
  }

  @Override
  public Set<ArchitectureCapability> capabilities() {
    return Set.of();
  }

  @Override
  public String decoderVersion() {
    return "1";
  }

  @Override
  public void open(ProviderContext context) {}

  @Override
  public void close() {}

  @Override
  public String newSessionId(Instant now, RandomGenerator random) {
    return agent.newSessionId(now, random);
  }

  @Override
  public Credentials credentials() {
    return agent.credentials();
  }

  @Override
  public void validate(AgentProfile profile, Map<String, Object> options) {
    agent.validate(profile, options);
  }

  @Override
  public SandboxSetup setup(SetupRequest request) {
    return agent.setup(request);
  }

  @Override
  public AgentProgram program(ProgramRequest request) {
    return agent.program(request);
  }

  @Override
  public AgentProtocol protocol(ProtocolStart start) {
    return agent.protocol(start);
  }

  @Override
  public TranscriptCodec transcripts() {
    TranscriptCodec codec = agent.transcripts();
    return new TranscriptCodec() {
      @Override
      public TranscriptSource source(SessionId id, @Nullable String nativeId, SandboxPaths paths) {
        return new TranscriptSource.Files(paths.home(), List.of());
      }

      @Override
      public Conversation decode(Transcript transcript) {
        return codec.decode(transcript);
      }

      @Override
      public StoredTranscript toStored(Transcript transcript) {
        return codec.toStored(transcript);
      }

      @Override
      public Transcript fromStored(SessionId id, StoredTranscript stored) {
        return codec.fromStored(id, stored);
      }
    };
  }
}
