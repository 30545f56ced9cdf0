// SPDX-License-Identifier: MIT

package io.agentruntime.core.defects;

import static io.agentruntime.core.RuntimeFixture.only;
import static io.agentruntime.core.defects.Turns.blocks;
import static io.agentruntime.core.defects.Turns.storedTurn;
import static io.agentruntime.core.defects.Turns.turn;
import static org.assertj.core.api.Assertions.assertThat;

import io.agentruntime.core.AgentRuntime;
import io.agentruntime.core.CreateSession;
import io.agentruntime.core.RuntimeConfig;
import io.agentruntime.core.RuntimeFixture;
import io.agentruntime.core.profile.ProfileSource;
import io.agentruntime.core.session.Session;
import io.agentruntime.model.event.EventEnvelope;
import io.agentruntime.model.event.SessionEvent;
import io.agentruntime.model.profile.AgentProfile;
import io.agentruntime.model.workspace.FileKind;
import io.agentruntime.model.workspace.WorkspaceFile;
import io.agentruntime.spi.sandbox.FileUpload;
import io.agentruntime.spi.sandbox.Sandbox;
import io.agentruntime.spi.sandbox.SandboxSpec;
import io.agentruntime.testkit.TestProviderContext;
import io.agentruntime.testkit.architecture.ScriptedArchitecture;
import io.agentruntime.testkit.architecture.ScriptedProgram;
import io.agentruntime.testkit.sandbox.FakeProgram;
import io.agentruntime.testkit.sandbox.FakeSandboxProvider;
import io.agentruntime.testkit.sandbox.SandboxBench;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Programs and workspaces that behave badly, and sandboxes that nobody ended. */
class ForeignProgramTest {
  @TempDir Path folder;

  @Test
  void aProgramThatEndsBeforeItReadsFailsTheTurnAndNothingElse() throws Exception {
    try (RuntimeFixture fixture = RuntimeFixture.start(folder)) {
      AtomicInteger starts = new AtomicInteger();
      fixture
          .sandboxes()
          .register(
              ScriptedArchitecture.PROGRAM,
              machine -> starts.incrementAndGet() == 1 ? 7 : FakeProgram.scripted().run(machine));
      Session session = fixture.create();
      assertThat(only(turn(session, "say x"), SessionEvent.TurnFailed.class))
          .singleElement()
          .satisfies(failed -> assertThat(failed.message()).contains("7"));
      assertThat(only(turn(session, "say works"), SessionEvent.TurnCompleted.class)).hasSize(1);
      assertThat(fixture.sandboxes().created()).isEqualTo(1);
    }
  }

  @Test
  void charactersThatArriveInPiecesStayWhole() throws Exception {
    try (RuntimeFixture fixture = RuntimeFixture.start(folder)) {
      fixture
          .sandboxes()
          .register(
              ScriptedArchitecture.PROGRAM,
              machine -> ScriptedProgram.run(machine.withStdout(byteByByte(machine.stdout()))));
      Session session = fixture.create();
      List<EventEnvelope> events = turn(session, "say é€😀 漢字");
      assertThat(only(events, SessionEvent.BlockDelta.class))
          .extracting(SessionEvent.BlockDelta::text)
          .containsExactly("é€😀 漢字");
      assertThat(blocks(session)).contains("é€😀 漢字").doesNotContain("\ufffd");
    }
  }

  @Test
  void packagesAndRepositoriesInTheWorkspaceAreNeitherToldNorKept() throws Exception {
    try (RuntimeFixture fixture = RuntimeFixture.start(folder)) {
      Session session = fixture.create();
      List<EventEnvelope> events =
          storedTurn(
              session,
              "write node_modules/x/index.js 1 then write .git/config 2 then write sub/.git/HEAD 3"
                  + " then write kept.txt 4");
      assertThat(only(events, SessionEvent.FileCreated.class))
          .extracting(event -> event.file().path().value())
          .contains("kept.txt")
          .noneMatch(path -> path.contains("node_modules") || path.contains(".git"));
    }
  }

  @Test
  void aLinkOutOfTheWorkspaceIsKeptAsALinkAndNeverRead() throws Exception {
    try (RuntimeFixture fixture = RuntimeFixture.start(folder)) {
      Session session = fixture.create();
      // Also the look at the files that follows a turn: it must not find the link.
      storedTurn(session, "say ready");
      Sandbox sandbox = fixture.sandboxes().attach(fixture.sandboxes().live().getFirst());
      String workspace = sandbox.paths().workspace();
      sandbox.writeFiles(
          List.of(
              FileUpload.text(sandbox.paths().home() + "/secret", 0600, "secret of the host"),
              new FileUpload(
                  workspace + "/link",
                  FileKind.SYMLINK,
                  0777,
                  null,
                  sandbox.paths().home() + "/secret")));
      List<EventEnvelope> events = storedTurn(session, "say linked");

      assertThat(only(events, SessionEvent.FileCreated.class)).hasSize(1);
      WorkspaceFile link = session.view().files().getFirst();
      assertThat(link.kind()).isEqualTo(FileKind.SYMLINK);
      assertThat(link.hash()).isNull();
      assertThat(events.toString()).doesNotContain("secret of the host");
    }
  }

  @Test
  void whatAKilledServerLeftIsEndedByTheNextAndWhatIsOfOthersIsNot() throws Exception {
    FakeSandboxProvider left;
    try (RuntimeFixture fixture = RuntimeFixture.start(folder)) {
      left = fixture.sandboxes();
    }
    String runtimeId = Files.readString(folder.resolve("runtime-id")).strip();
    FakeSandboxProvider killed = left.restarted();
    killed.open(new TestProviderContext(runtimeId, folder));
    killed.create(SandboxSpec.named("left-behind"));
    FakeSandboxProvider other = left.restarted();
    other.open(new TestProviderContext("another-runtime", folder));
    other.create(SandboxSpec.named("of-another"));
    assertThat(left.live()).hasSize(2);

    RuntimeConfig config =
        RuntimeConfig.builder(folder)
            .profiles(ProfileSource.of(List.of(AgentProfile.named("default", "Default"))))
            .build();
    try (AgentRuntime runtime =
        AgentRuntime.start(config, List.of(left.restarted(), new ScriptedArchitecture()))) {
      turn(runtime.sessions().create(CreateSession.of("scripted", "default")), "say x");
      SandboxBench.await(
          "what was left is ended",
          () -> killed.list().stream().noneMatch(s -> s.name().equals("left-behind")));
      assertThat(killed.list()).hasSize(1);
      assertThat(other.list()).hasSize(1);
    }
    other.terminate(other.list().getFirst().id());
  }

  /** Writes every byte on its own. */
  private static OutputStream byteByByte(OutputStream out) {
    return new OutputStream() {
      @Override
      public void write(int b) throws IOException {
        out.write(b);
        out.flush();
      }

      @Override
      public void write(byte[] bytes, int from, int length) throws IOException {
        for (int i = from; i < from + length; i++) {
          write(bytes[i]);
          Thread.yield();
        }
      }
    };
  }
}
