// SPDX-License-Identifier: MIT

package io.agentruntime.testkit.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentruntime.model.event.Emission;
import io.agentruntime.model.event.SessionEvent;
import io.agentruntime.model.profile.AgentProfile;
import io.agentruntime.model.turn.ContentPart;
import io.agentruntime.model.turn.TurnOutcome;
import io.agentruntime.model.turn.UserContent;
import io.agentruntime.spi.architecture.AgentArchitecture;
import io.agentruntime.spi.architecture.AgentProtocol;
import io.agentruntime.spi.architecture.ArchitectureCapability;
import io.agentruntime.spi.architecture.ProtocolStart;
import io.agentruntime.spi.architecture.ProtocolStep;
import io.agentruntime.spi.architecture.TurnInput;
import io.agentruntime.spi.sandbox.ExitStatus;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** What every protocol must do with recorded streams, and with streams that went wrong. */
public interface ProtocolContract {
  /** Lines that no program should write. */
  List<String> GARBAGE =
      List.of(
          "",
          " ",
          "\u0000\u0001",
          "{",
          "[]",
          "null",
          "{\"type\":",
          "{\"type\":{}}",
          "{\"type\":\"no-such-type-of-line\",\"x\":[1,2,{}]}",
          "\ud83d",
          "[".repeat(5000));

  /** The architecture under test. */
  AgentArchitecture architecture();

  /** Recorded processes; together they must show everything that is declared. */
  List<Recording> recordings();

  /**
   * The profile that the recordings were made with; where {@code PERMISSIONS} is declared, its
   * policy leaves them to clients.
   */
  default AgentProfile profile() {
    return SampleProfiles.plain(architecture());
  }

  /** The start of a protocol. */
  ProtocolStart start(Map<String, Object> snapshot);

  private ProtocolSession session() {
    return new ProtocolSession(architecture().protocol(start(Map.of())));
  }

  private Stream<DynamicTest> each(java.util.function.Consumer<Recording> test) {
    return recordings().stream()
        .map(recording -> DynamicTest.dynamicTest(recording.name(), () -> test.accept(recording)));
  }

  @TestFactory
  default Stream<DynamicTest> theSameInputsGiveTheSameEventsAndBytes() {
    return each(
        recording -> {
          ProtocolSession once = session().play(recording.inputs());
          ProtocolSession twice = session().play(recording.inputs());
          assertThat(twice.emissions()).isEqualTo(once.emissions());
          assertThat(twice.stdin()).isEqualTo(once.stdin());
          assertThat(twice.outcomes()).isEqualTo(once.outcomes());
        });
  }

  @TestFactory
  default Stream<DynamicTest> aSnapshotAtATurnsEndContinuesExactly() {
    return each(
        recording -> {
          ProtocolSession whole = session();
          ProtocolSession parts = session();
          List<Emission> emissions = new ArrayList<>();
          for (ProtocolInput input : recording.inputs()) {
            whole.apply(input);
            ProtocolStep step = parts.apply(input);
            emissions.addAll(step.emissions());
            if (step.outcome() != null) {
              Map<String, Object> snapshot = parts.protocol().snapshot();
              parts = new ProtocolSession(architecture().protocol(start(snapshot)));
            }
          }
          assertThat(emissions).isEqualTo(whole.emissions());
          assertThat(parts.protocol().snapshot()).isEqualTo(whole.protocol().snapshot());
        });
  }

  @TestFactory
  default Stream<DynamicTest> blocksBeginOnceGrowWhileOpenAndEndOnce() {
    return each(
        recording -> {
          ProtocolSession session = session();
          BlockRules rules = new BlockRules();
          for (ProtocolInput input : recording.inputs()) {
            ProtocolStep step = session.apply(input);
            step.emissions().forEach(rules::check);
            if (step.outcome() != null) {
              rules.turnEnded();
            }
          }
          assertThat(rules.violations()).isEmpty();
        });
  }

  @TestFactory
  default Stream<DynamicTest> everyTurnEndsOnce() {
    return each(
        recording -> {
          ProtocolSession session = session();
          boolean running = false;
          for (ProtocolInput input : recording.inputs()) {
            running |= input instanceof ProtocolInput.Turn;
            ProtocolStep step = session.apply(input);
            if (step.outcome() != null) {
              assertThat(running).as("an outcome outside of a turn, after %s", input).isTrue();
              running = false;
            }
          }
          assertThat(running).as("a turn without an outcome").isFalse();
        });
  }

  @TestFactory
  default Stream<DynamicTest> garbageBetweenTheLinesChangesNothing() {
    return each(
        recording -> {
          List<ProtocolInput> dirty = new ArrayList<>();
          int next = 0;
          for (ProtocolInput input : recording.inputs()) {
            if (input instanceof ProtocolInput.Line) {
              dirty.add(new ProtocolInput.Line(GARBAGE.get(next++ % GARBAGE.size())));
            }
            dirty.add(input);
          }
          ProtocolSession clean = session().play(recording.inputs());
          ProtocolSession disturbed = session().play(dirty);
          assertThat(disturbed.conversation()).isEqualTo(clean.conversation());
          assertThat(disturbed.outcomes()).isEqualTo(clean.outcomes());
        });
  }

  @TestFactory
  default Stream<DynamicTest> tornDoubledAndReversedLinesDoNoHarm() {
    return each(
        recording -> {
          List<String> lines =
              recording.inputs().stream()
                  .filter(ProtocolInput.Line.class::isInstance)
                  .map(input -> ((ProtocolInput.Line) input).text())
                  .toList();
          AgentProtocol protocol = session().protocol();
          for (ProtocolInput input : recording.inputs()) {
            if (input instanceof ProtocolInput.Turn turn) {
              protocol.onTurn(turn.input());
            }
          }
          for (String line : lines) {
            protocol.onStdout(line.substring(0, line.length() / 2));
            protocol.onStdout(line);
            protocol.onStdout(line);
          }
          lines.reversed().forEach(protocol::onStdout);
          protocol.onOversizedLine(1L << 40);
          protocol.onExit(new ExitStatus(1), "the end");
          assertThat(protocol.snapshot()).isNotNull();
        });
  }

  @Test
  default void anExitInTheMiddleOfATurnFailsItWithTheEndOfStderr() {
    Recording recording = recordings().getFirst();
    ProtocolSession session = session();
    session.apply(new ProtocolInput.Start());
    for (ProtocolInput input : recording.inputs()) {
      if (input instanceof ProtocolInput.Turn) {
        session.apply(input);
        break;
      }
    }
    session.apply(new ProtocolInput.Exit(137, "out of memory"));
    assertThat(session.outcomes())
        .singleElement()
        .isInstanceOfSatisfying(
            TurnOutcome.Failed.class,
            failed -> {
              assertThat(failed.code()).isEqualTo("AGENT_EXITED");
              assertThat(failed.message()).contains("137").contains("out of memory");
            });
    assertThat(session.emissions())
        .anyMatch(emission -> emission.event() instanceof SessionEvent.ErrorRaised);
  }

  @Test
  default void anExitBetweenTurnsIsNoFailure() {
    ProtocolSession session = session();
    session.apply(new ProtocolInput.Start());
    assertThat(session.apply(new ProtocolInput.Exit(0, "")).outcome()).isNull();
  }

  @Test
  default void theRecordingsShowWhatIsDeclaredAndNothingElse() {
    Set<ArchitectureCapability> shown = EnumSet.noneOf(ArchitectureCapability.class);
    for (Recording recording : recordings()) {
      shown.addAll(ShownCapabilities.of(session(), recording.inputs()));
    }
    Set<ArchitectureCapability> declared = EnumSet.copyOf(ShownCapabilities.IN_STREAMS);
    declared.retainAll(architecture().capabilities());
    assertThat(shown)
        .as("what the recordings show (actual) against what is declared (expected)")
        .isEqualTo(declared);
  }

  /** Undeclared, the core refuses such messages. */
  @Test
  default void imagesReachTheProgramWhereTheyAreDeclared() {
    if (!architecture().capabilities().contains(ArchitectureCapability.IMAGES)) {
      return;
    }
    String image = "aW1hZ2U=";
    ProtocolSession session = session();
    for (ProtocolInput input : recordings().getFirst().inputs()) {
      if (input instanceof ProtocolInput.Turn turn) {
        ContentPart part = new ContentPart.Image(ContentPart.Source.BASE64, image, "image/png");
        UserContent content = new UserContent.Parts(List.of(part));
        session.apply(new ProtocolInput.Turn(new TurnInput(turn.input().messageId(), content)));
      } else {
        session.apply(input);
      }
      if (!session.outcomes().isEmpty()) {
        break;
      }
    }
    assertThat(session.stdin()).contains(image);
  }
}
