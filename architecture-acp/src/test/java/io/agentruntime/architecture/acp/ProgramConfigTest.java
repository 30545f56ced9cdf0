// SPDX-License-Identifier: MIT

package io.agentruntime.architecture.acp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentruntime.architecture.support.json.Json;
import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.model.profile.AgentProfile;
import io.agentruntime.model.profile.McpServer;
import io.agentruntime.model.profile.PermissionPolicy;
import io.agentruntime.model.profile.Rule;
import io.agentruntime.model.session.SessionId;
import io.agentruntime.model.transcript.Transcript;
import io.agentruntime.model.transcript.TranscriptEntry;
import io.agentruntime.spi.architecture.ProgramRequest;
import io.agentruntime.spi.architecture.ProtocolStart;
import io.agentruntime.spi.architecture.SandboxSetup;
import io.agentruntime.spi.architecture.SetupCommand;
import io.agentruntime.spi.architecture.SetupRequest;
import io.agentruntime.spi.architecture.TranscriptSource;
import io.agentruntime.spi.sandbox.FileUpload;
import io.agentruntime.spi.sandbox.SandboxPaths;
import io.agentruntime.testkit.TestProviderContext;
import io.agentruntime.testkit.architecture.ProfileBuilder;
import io.agentruntime.testkit.architecture.ProtocolInput;
import io.agentruntime.testkit.architecture.ProtocolSession;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What can be said about a program, and how wrong words are refused. */
class ProgramConfigTest {
  private static final SandboxPaths PATHS = new SandboxPaths("/workspace", "/home/a", "/scratch");
  private static final SessionId ID = new SessionId("s1");
  private static final AgentProfile PROFILE = AgentProfile.named("p", "P");

  private static AcpArchitecture server(Map<String, String> settings) {
    AcpArchitecture architecture = new AcpArchitecture();
    architecture.open(
        new TestProviderContext("test", Path.of("target"), InstantSource.system(), settings));
    return architecture;
  }

  private static Map<String, Object> acp(Object... pairs) {
    Map<String, Object> acp = new java.util.LinkedHashMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      acp.put((String) pairs[i], pairs[i + 1]);
    }
    return Map.of("acp", acp);
  }

  private static SandboxSetup setup(
      AcpArchitecture architecture, AgentProfile profile, Map<String, Object> options) {
    return architecture.setup(
        new SetupRequest(ID, null, profile, options, Transcript.EMPTY, PATHS));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{}                                                   | acp.command: expected a program",
        "{\"command\":\"agent --acp\"}                        | acp.command: expected a list",
        "{\"command\":[\"a\",1]}                              | acp.command[1]: expected a text",
        "{\"comand\":[\"a\"]}                                 | acp.comand: expected one of"
            + " command",
        "{\"command\":[\"a\"],\"install\":[[\"b\"],[]]}       | acp.install[1]: expected a program",
        "{\"command\":[\"a\"],\"environment\":{\"A B\":\"c\"}} | acp.environment.A B: expected the"
            + " name",
        "{\"command\":[\"a\"],\"environment\":{\"HOME\":\"/\"}} | acp.environment.HOME: expected"
            + " the name",
        "{\"command\":[\"a\"],\"secrets\":[\"OTHER\"]}        | acp.secrets[0]: expected a variable"
            + " that",
        "{\"command\":[\"a\"],\"files\":{\"../x\":\"\"}}      | acp.files.../x: expected a path",
        "{\"command\":[\"a\"],\"transcripts\":[\"/x\"]}       | acp.transcripts[0]: expected a"
            + " path",
        "{\"command\":[\"a\"],\"transcripts\":[\"x[\"]}       | acp.transcripts[0]: expected a"
            + " glob",
        "{\"command\":[\"a\"],\"export\":[\"b\"]}             | acp.import: expected both",
        "{\"command\":[\"a\"],\"mode\":{\"ask\":\"b\",\"x\":\"y\"}} | acp.mode: expected a text,"
            + " or",
        "{\"command\":[\"a\",\"{model}\"]}                    | sessionOptions.model: expected a"
            + " model",
      })
  void whatIsWrongIsRefusedWithItsPlace(String json, String message) {
    Map<String, Object> options = Map.of("acp", Json.map(Json.object(json).orElseThrow()));
    assertThatThrownBy(() -> server(Map.of("secrets", "[\"KEY\"]")).validate(PROFILE, options))
        .isInstanceOfSatisfying(
            AgentRuntimeException.class,
            e -> assertThat(e.code().name()).isEqualTo("INVALID_ARGUMENT"))
        .hasMessageContaining(message);
  }

  @Test
  void aModelThatWouldNotReachTheProgramIsRefused() {
    Map<String, Object> options = Map.of("model", "m", "acp", Map.of("command", List.of("agent")));
    assertThatThrownBy(() -> server(Map.of()).validate(PROFILE, options))
        .hasMessageContaining("sessionOptions.model: expected no model");
  }

  @Test
  void wrongSettingsOfTheServerStopItsStart() {
    for (Map<String, String> wrong :
        List.of(
            Map.of("comand", "[\"a\"]"),
            Map.of("command", "[\"a\""),
            Map.of("command", "agent"),
            Map.of("secrets", "[\"A-B\"]"))) {
      assertThatThrownBy(() -> server(wrong))
          .isInstanceOfSatisfying(
              AgentRuntimeException.class,
              e -> assertThat(e.code().name()).isEqualTo("CONFIGURATION"))
          .hasMessageContaining("architecture.acp");
    }
  }

  @Test
  void whoNamesACommandDescribesAProgramOfItsOwn() {
    AcpArchitecture architecture =
        server(
            Map.of(
                "command", "[\"agent\",\"{home}\"]",
                "mode", "auto",
                "secrets", "[\"KEY\",\"OTHER\"]",
                "environment", "{\"A\":\"1\"}"));
    assertThat(architecture.credentials(PROFILE, Map.of()).optional())
        .containsExactly("KEY", "OTHER");
    assertThat(
            architecture
                .program(new ProgramRequest(ID, null, PROFILE, Map.of(), false, PATHS))
                .command())
        .containsExactly("agent", "/home/a");

    Map<String, Object> amended = acp("environment", Map.of("B", "2"));
    assertThat(setup(architecture, PROFILE, amended).environment()).isEqualTo(Map.of("B", "2"));
    assertThat(architecture.credentials(PROFILE, amended).optional()).hasSize(2);

    Map<String, Object> other = acp("command", List.of("other"), "secrets", List.of("KEY"));
    assertThat(setup(architecture, PROFILE, other).environment()).isEmpty();
    assertThat(architecture.credentials(PROFILE, other).optional()).containsExactly("KEY");
    assertThat(architecture.credentials(PROFILE, acp("command", List.of("other"))).optional())
        .isEmpty();
  }

  @Test
  void filesCommandsAndRulesGoToTheHomeFolder() {
    AgentProfile profile =
        new ProfileBuilder().rule(new Rule("r", "Be brief.", List.of(), true, Map.of())).build();
    SandboxSetup setup =
        setup(
            server(Map.of()),
            profile,
            acp(
                "command", List.of("agent"),
                "files", Map.of(".agent/settings.json", Map.of("at", "{workspace}")),
                "install", List.of(List.of("npm", "install", "--prefix", "{home}/.npm", "agent")),
                "instructions", ".agent/AGENTS.md"));
    assertThat(setup.files())
        .extracting(FileUpload::path)
        .containsExactly("/home/a/.agent/settings.json", "/home/a/.agent/AGENTS.md");
    assertThat(setup.commands())
        .extracting(SetupCommand::command)
        .containsExactly(List.of("npm", "install", "--prefix", "/home/a/.npm", "agent"));
    assertThatThrownBy(() -> server(Map.of()).validate(profile, acp("command", List.of("agent"))))
        .hasMessageContaining("acp.instructions");
  }

  @Test
  void recordsAreFilesOrWhatACommandPrints() {
    AcpArchitecture architecture = server(Map.of());
    Map<String, Object> files =
        acp("command", List.of("agent"), "transcripts", List.of(".agent/{session}/*.jsonl"));
    assertThat(architecture.transcripts(PROFILE, files).source(ID, "n1", PATHS))
        .isEqualTo(new TranscriptSource.Files("/home/a", List.of(".agent/n1/*.jsonl")));
    assertThat(architecture.transcripts(PROFILE, files).source(ID, null, PATHS))
        .isEqualTo(new TranscriptSource.Files("/home/a", List.of()));

    Map<String, Object> command =
        acp(
            "command", List.of("agent"),
            "export", List.of("agent", "export", "{session}"),
            "import", List.of("agent", "import", "{file}"));
    assertThat(architecture.transcripts(PROFILE, command).source(ID, "n1", PATHS))
        .isEqualTo(
            new TranscriptSource.Command("session.export", List.of("agent", "export", "n1")));
    assertThat(architecture.transcripts(PROFILE, command).source(ID, "--help", PATHS))
        .isEqualTo(new TranscriptSource.Files("/home/a", List.of()));
    SandboxSetup restored =
        architecture.setup(
            new SetupRequest(
                ID,
                "n1",
                PROFILE,
                command,
                new Transcript(List.of(new TranscriptEntry("session.export", "{}"))),
                PATHS));
    assertThat(restored.commands().getLast().command())
        .containsExactly("agent", "import", "/scratch/acp/session.export");
  }

  @Test
  void serversAreHandedOverInTheProtocolsFormAsFarAsTheProgramTakesThem() {
    AgentProfile profile =
        new ProfileBuilder()
            .permissions(PermissionPolicy.ASK)
            .mcpServer(new McpServer.Stdio("a", "tool", List.of("-x"), Map.of("K", "v")))
            .mcpServer(new McpServer.Http("b", "http://b", "http", Map.of("H", "w")))
            .build();
    String offers = "{\"id\":1,\"result\":{\"agentCapabilities\":{\"mcpCapabilities\":%s}}}";
    ProtocolSession able = session(profile);
    able.apply(new ProtocolInput.Line(offers.formatted("{\"http\":true}")));
    assertThat(able.stdin())
        .contains(
            "\"mcpServers\":[{\"name\":\"a\",\"command\":\"tool\",\"args\":[\"-x\"],"
                + "\"env\":[{\"name\":\"K\",\"value\":\"v\"}]},{\"type\":\"http\",\"name\":\"b\","
                + "\"url\":\"http://b\",\"headers\":[{\"name\":\"H\",\"value\":\"w\"}]}]");

    ProtocolSession unable = session(profile);
    unable.apply(ProtocolInput.Turn.of("m1", "Hello"));
    unable.apply(new ProtocolInput.Line(offers.formatted("{}")));
    assertThat(unable.outcomes().toString())
        .contains("UNSUPPORTED", "no MCP over http", "server 'b'");
  }

  private static ProtocolSession session(AgentProfile profile) {
    ProtocolSession session =
        new ProtocolSession(
            server(Map.of())
                .protocol(
                    new ProtocolStart(
                        ID, null, profile, acp("command", List.of("agent")), false, 1, Map.of())));
    session.apply(new ProtocolInput.Start());
    return session;
  }
}
