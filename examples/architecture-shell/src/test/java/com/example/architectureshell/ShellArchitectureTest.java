package com.example.architectureshell;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentruntime.model.profile.AgentProfile;
import io.agentruntime.model.session.SessionId;
import io.agentruntime.model.transcript.Transcript;
import io.agentruntime.model.turn.TurnOutcome;
import io.agentruntime.spi.architecture.AgentArchitecture;
import io.agentruntime.testkit.architecture.AgentArchitectureContract;
import io.agentruntime.testkit.architecture.Recording;
import io.agentruntime.testkit.program.AgentMachine;
import io.agentruntime.testkit.program.RealProgram;
import io.agentruntime.testkit.program.RunningAgent;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

// tag::contract[]
/** The recordings are made on the spot: the program is here. */
class ShellArchitectureTest extends AgentArchitectureContract {
  @TempDir static Path folder;
  private static List<Recording> recordings;

  @BeforeAll
  static void record() throws Exception {
    recordings =
        List.of(
            record("commands", "echo hello; echo again", "printf 'a\\\\b'", "no-such-command"),
            record("lines", "for i in 1 2 3; do\n  echo \"$i\"\ndone", "true"));
  }

  @Override
  public AgentArchitecture architecture() {
    return new ShellArchitecture();
  }

  @Override
  public List<Recording> recordings() {
    return recordings;
  }

  /** A text ends where its line ends. */
  @Override
  public boolean linesShowTheirEnd() {
    return false;
  }

  // end::contract[]

  // tag::recording[]
  private static Recording record(String name, String... commands) throws Exception {
    RealProgram program = new RealProgram(new ShellArchitecture(), Path.of("/bin/sh"), Map.of());
    AgentMachine machine = AgentMachine.in(folder.resolve(name), program);
    AgentProfile profile = AgentProfile.named("plain", "Plain");
    SessionId id = new SessionId(name);
    machine.setUp(id, profile, Map.of(), Transcript.EMPTY);
    try (RunningAgent agent = machine.start(id, profile, Map.of())) {
      for (String command : commands) {
        assertThat(agent.ask(command)).isEqualTo(new TurnOutcome.Completed());
      }
      agent.end();
      return agent.recording(name, machine.transcript(id, agent.nativeId()));
    }
  }
  // end::recording[]
}
