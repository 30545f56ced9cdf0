// SPDX-License-Identifier: MIT

package io.agentruntime.testkit.architecture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.model.profile.AgentProfile;
import io.agentruntime.model.session.SessionId;
import io.agentruntime.model.transcript.Transcript;
import io.agentruntime.model.transcript.TranscriptEntry;
import io.agentruntime.spi.architecture.AgentArchitecture;
import io.agentruntime.spi.architecture.AgentProgram;
import io.agentruntime.spi.architecture.ArchitectureCapability;
import io.agentruntime.spi.architecture.ProgramRequest;
import io.agentruntime.spi.architecture.ProtocolStart;
import io.agentruntime.spi.architecture.SandboxSetup;
import io.agentruntime.spi.architecture.SetupRequest;
import io.agentruntime.spi.sandbox.FileUpload;
import io.agentruntime.spi.sandbox.SandboxPaths;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * What every agent architecture must do. An architecture's test extends this class and brings
 * recordings of its program; {@link ProtocolContract} and {@link TranscriptContract} play them,
 * {@link DamagedStreamContract} and {@link DamagedTranscriptContract} damage them.
 */
public abstract class AgentArchitectureContract
    implements ProtocolContract,
        TranscriptContract,
        DamagedStreamContract,
        DamagedTranscriptContract {
  private static final String CANARY = "canary-value-7f3a";
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  /** Where things are in the sandbox that set-ups are made for. */
  protected static final SandboxPaths PATHS =
      new SandboxPaths("/workspace", "/home/agent", "/scratch");

  private final SessionId session =
      new SessionId(architectureForId().newSessionId(NOW, new Random(1)));

  private AgentArchitecture architectureForId() {
    return architecture();
  }

  /** Options that every session of this architecture needs; none for most. */
  protected Map<String, Object> options() {
    return Map.of();
  }

  /** A profile that uses one of the optional parts, in a form that the agent understands. */
  protected AgentProfile profileWith(ArchitectureCapability part) {
    return SampleProfiles.with(architecture(), part);
  }

  private SetupRequest setupRequest(AgentProfile profile, Transcript past) {
    return new SetupRequest(session, null, profile, options(), past, PATHS);
  }

  private ProgramRequest programRequest(AgentProfile profile, boolean resume) {
    return new ProgramRequest(session, null, profile, options(), resume, PATHS);
  }

  @Test
  void theIdIsKebabCaseAndNoSynonymOfItself() {
    assertThat(architecture().id()).matches("[a-z0-9]+(-[a-z0-9]+)*");
    assertThat(architecture().synonyms()).doesNotContain(architecture().id());
    assertThat(architecture().decoderVersion()).isNotBlank();
  }

  @Test
  void sessionIdsComeFromTheGivenSourceAlone() {
    String first = architecture().newSessionId(NOW, new Random(7));
    assertThat(architecture().newSessionId(NOW, new Random(7))).isEqualTo(first);
    assertThat(architecture().newSessionId(NOW, new Random(8))).isNotEqualTo(first);
    assertThat(new SessionId(first).value()).isEqualTo(first);
  }

  @TestFactory
  Stream<DynamicTest> whatIsDeclaredIsAcceptedAndWhatIsNotIsRefused() {
    return SampleProfiles.parts()
        .map(
            part ->
                DynamicTest.dynamicTest(
                    part.name(),
                    () -> {
                      AgentProfile profile = profileWith(part);
                      if (architecture().capabilities().contains(part)) {
                        architecture().validate(profile, options());
                        assertThat(materialized(profile))
                            .isNotEqualTo(materialized(SampleProfiles.plain(architecture())));
                      } else {
                        assertThatThrownBy(() -> architecture().validate(profile, options()))
                            .isInstanceOfSatisfying(
                                AgentRuntimeException.class,
                                e ->
                                    assertThat(e.code().name())
                                        .isEqualTo("PROFILE_FIELD_UNSUPPORTED"));
                      }
                    }));
  }

  /** Everything by which a profile reaches the agent. */
  protected List<Object> materialized(AgentProfile profile) {
    SandboxSetup setup = architecture().setup(setupRequest(profile, Transcript.EMPTY));
    return List.of(
        setup.files().stream().map(FileUpload::path).toList(),
        setup.files().stream().map(SampleProfiles::text).toList(),
        setup.commands(),
        architecture().program(programRequest(profile, false)).command());
  }

  @Test
  void anUnusableOptionIsRefusedByName() {
    assertThatThrownBy(
            () ->
                architecture()
                    .validate(SampleProfiles.plain(architecture()), with("model", List.of(1))))
        .isInstanceOfSatisfying(
            AgentRuntimeException.class,
            e -> assertThat(e.code().name()).isEqualTo("INVALID_ARGUMENT"))
        .hasMessageContaining("model");
  }

  @Test
  void anUnknownOptionIsAccepted() {
    architecture().validate(SampleProfiles.plain(architecture()), with("aClientsOwnSetting", true));
  }

  private Map<String, Object> with(String option, Object value) {
    Map<String, Object> all = new LinkedHashMap<>(options());
    all.put(option, value);
    return all;
  }

  @Test
  void aPolicyThatNobodyCanKeepIsRefused() {
    if (!architecture().capabilities().contains(ArchitectureCapability.PERMISSIONS)) {
      assertThatThrownBy(() -> architecture().validate(SampleProfiles.asking(), options()))
          .isInstanceOfSatisfying(
              AgentRuntimeException.class,
              e -> assertThat(e.code().name()).isEqualTo("PROFILE_FIELD_UNSUPPORTED"));
    }
  }

  @Test
  void variablesOfTheProfileReachTheProgramButNoText() {
    AgentProfile profile =
        SampleProfiles.withEnvironment(architecture(), Map.of("MY_SETTING", CANARY));
    SandboxSetup setup = architecture().setup(setupRequest(profile, Transcript.EMPTY));
    AgentProgram program = architecture().program(programRequest(profile, false));
    assertThat(List.of(setup.environment(), program.environment()))
        .anySatisfy(variables -> assertThat(variables).containsEntry("MY_SETTING", CANARY));
    assertThat(setup + " " + program + " " + program.command() + " " + setup.commands())
        .doesNotContain(CANARY);
  }

  @Test
  void setUpAndProgramAreFunctionsOfTheirRequests() {
    AgentProfile profile = SampleProfiles.plain(architecture());
    assertThat(architecture().program(programRequest(profile, true)))
        .isEqualTo(architecture().program(programRequest(profile, true)));
    assertThat(materialized(profile)).isEqualTo(materialized(profile));
  }

  @Test
  void aPastIsRestoredWhereResumeIsDeclared() {
    if (!architecture().capabilities().contains(ArchitectureCapability.RESUME)) {
      return;
    }
    Transcript past =
        recordings().stream()
            .map(Recording::transcript)
            .filter(transcript -> !transcript.isEmpty())
            .findFirst()
            .orElseThrow(() -> new AssertionError("RESUME needs a recording with a transcript"));
    SandboxSetup setup =
        architecture().setup(setupRequest(SampleProfiles.plain(architecture()), past));
    List<String> contents = setup.files().stream().map(SampleProfiles::text).toList();
    for (TranscriptEntry entry : past.entries()) {
      assertThat(contents).contains(entry.content());
    }
  }

  @Override
  public ProtocolStart start(Map<String, Object> snapshot) {
    return new ProtocolStart(session, null, profile(), options(), false, 1, snapshot);
  }
}
