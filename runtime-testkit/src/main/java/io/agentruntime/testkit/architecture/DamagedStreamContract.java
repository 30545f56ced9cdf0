// SPDX-License-Identifier: MIT

package io.agentruntime.testkit.architecture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.agentruntime.model.block.Block;
import io.agentruntime.model.event.Emission;
import io.agentruntime.model.event.SessionEvent;
import io.agentruntime.spi.architecture.AgentArchitecture;
import io.agentruntime.spi.architecture.ArchitectureCapability;
import io.agentruntime.spi.architecture.ProtocolStart;
import io.agentruntime.spi.architecture.ProtocolStep;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * What every protocol must do with a stream that is damaged: it never throws, never hangs, and
 * never loses what it has understood. Damage is drawn from seeds; a failure names its own, and the
 * same seed does the same again.
 */
public interface DamagedStreamContract {
  /** The longest line that a core gives to a protocol as text, in bytes. */
  int LONGEST_LINE = 16 << 20;

  /** How long a single recording's tests may take before the protocol is taken to hang. */
  Duration HANGS = Duration.ofMinutes(5);

  /** Exit code of a program that was killed. */
  int KILLED = 137;

  /** The architecture under test. */
  AgentArchitecture architecture();

  /** Recorded processes. */
  List<Recording> recordings();

  /** The start of a protocol. */
  ProtocolStart start(Map<String, Object> snapshot);

  /** How often each recording is damaged at random. */
  default int triesPerRecording() {
    return 25;
  }

  private ProtocolSession session() {
    return new ProtocolSession(architecture().protocol(start(Map.of())));
  }

  private Stream<DynamicTest> each(Consumer<Recording> test) {
    return recordings().stream()
        .map(
            recording ->
                DynamicTest.dynamicTest(
                    recording.name(),
                    () -> assertTimeoutPreemptively(HANGS, () -> test.accept(recording))));
  }

  @TestFactory
  default Stream<DynamicTest> aStreamThatBreaksOffKeepsWhatWasCompleted() {
    return each(
        recording -> {
          ProtocolSession whole = session().play(recording.inputs());
          for (int cut = 1; cut < recording.inputs().size(); cut++) {
            List<ProtocolInput> before = recording.inputs().subList(0, cut);
            if (before.getLast() instanceof ProtocolInput.Exit) {
              continue;
            }
            ProtocolSession session = session().play(before);
            List<Block> understood = Understood.blocks(session.conversation());
            assertThat(session.emissions())
                .as("cut after input %d", cut)
                .isEqualTo(whole.emissions().subList(0, session.emissions().size()));
            boolean running = turns(before) > session.outcomes().size();
            ProtocolStep end = session.apply(new ProtocolInput.Exit(KILLED, "killed"));
            if (running && !steered(before)) {
              assertThat(end.outcome()).as("cut after input %d", cut).isNotNull();
            }
            assertThat(Understood.blocks(session.conversation()))
                .as("cut after input %d", cut)
                .containsAll(understood);
          }
        });
  }

  private static long turns(List<ProtocolInput> inputs) {
    return inputs.stream().filter(ProtocolInput.Turn.class::isInstance).count();
  }

  /** Whether a message may have become part of a turn that ran. */
  private boolean steered(List<ProtocolInput> inputs) {
    return architecture().capabilities().contains(ArchitectureCapability.STEER)
        && turns(inputs) > 1;
  }

  @TestFactory
  default Stream<DynamicTest> aDamagedStreamLosesNothingOfWhatCameBefore() {
    return each(
        recording -> {
          for (int i = 0; i < triesPerRecording(); i++) {
            // The seed depends on nothing but the recording and the try.
            long seed = recording.name().hashCode() * 31L + i;
            try {
              damaged(recording.inputs(), seed);
            } catch (RuntimeException | AssertionError | StackOverflowError e) {
              throw new AssertionError("damage of seed " + seed + " did harm: " + e, e);
            }
          }
        });
  }

  private void damaged(List<ProtocolInput> inputs, long seed) {
    Random random = new Random(seed);
    int from = 1 + random.nextInt(inputs.size());
    ProtocolSession session = session().play(inputs.subList(0, Math.min(from, inputs.size())));
    List<Block> understood = Understood.blocks(session.conversation());
    boolean exited = inputs.subList(0, from).getLast() instanceof ProtocolInput.Exit;
    LineDamage damage = new LineDamage(seed);
    List<String> lines = new ArrayList<>();
    for (ProtocolInput input : inputs.subList(from, inputs.size())) {
      if (input instanceof ProtocolInput.Line line) {
        lines.add(line.text());
        continue;
      }
      say(session, damage.of(lines));
      lines.clear();
      boolean running = session.outcomes().size() < turns(inputs.subList(0, from));
      if (input instanceof ProtocolInput.Turn turn) {
        // A core gives no message to a turn whose end was damaged, unless that may be steered.
        if (!running || architecture().capabilities().contains(ArchitectureCapability.STEER)) {
          session.apply(turn);
        }
      } else if (input instanceof ProtocolInput.Interrupt) {
        session.apply(input);
      }
      // Answers refer to questions that may be gone; that those are refused is tested elsewhere.
    }
    if (!exited) {
      say(session, damage.of(lines));
      session.apply(new ProtocolInput.Exit(random.nextInt(256), "the end"));
    }
    assertThat(Understood.blocks(session.conversation())).containsAll(understood);
    Map<String, Object> snapshot = session.protocol().snapshot();
    assertThat(architecture().protocol(start(snapshot)).snapshot()).isEqualTo(snapshot);
  }

  private static void say(ProtocolSession session, List<String> lines) {
    lines.forEach(line -> session.apply(new ProtocolInput.Line(line)));
  }

  @TestFactory
  default Stream<DynamicTest> unknownFieldsChangeNothing() {
    return each(
        recording -> {
          List<ProtocolInput> more =
              recording.inputs().stream()
                  .map(
                      input ->
                          input instanceof ProtocolInput.Line line
                              ? new ProtocolInput.Line(LineDamage.withUnknownField(line.text()))
                              : input)
                  .toList();
          ProtocolSession plain = session().play(recording.inputs());
          ProtocolSession session = session().play(more);
          assertThat(session.conversation()).isEqualTo(plain.conversation());
          assertThat(session.outcomes()).isEqualTo(plain.outcomes());
        });
  }

  @Test
  default void aLineAsLongAsLinesMayBeDoesNoHarm() {
    Recording recording = recordings().getFirst();
    String open = "{\"type\":\"no-such-type-of-line\",\"x\":\"";
    String line = open + "x".repeat(LONGEST_LINE - open.length() - 2) + "\"}";
    assertTimeoutPreemptively(
        HANGS, () -> assertUndisturbed(recording, new ProtocolInput.Line(line)));
    assertTimeoutPreemptively(
        HANGS,
        () -> assertUndisturbed(recording, new ProtocolInput.Line("x".repeat(LONGEST_LINE))));
  }

  private void assertUndisturbed(Recording recording, ProtocolInput longLine) {
    List<ProtocolInput> inputs = new ArrayList<>(recording.inputs());
    int middle = inputs.size() / 2;
    inputs.add(middle, longLine);
    ProtocolSession session = session().play(inputs);
    ProtocolSession plain = session().play(recording.inputs());
    assertThat(session.conversation()).isEqualTo(plain.conversation());
    assertThat(session.outcomes()).isEqualTo(plain.outcomes());
  }

  @Test
  default void aLineThatWasTooLongIsOneUnknownEventWithItsSize() {
    Recording recording = recordings().getFirst();
    ProtocolSession session = session();
    for (ProtocolInput input : recording.inputs()) {
      if (input instanceof ProtocolInput.Line) {
        ProtocolStep step = session.protocol().onOversizedLine(LONGEST_LINE + 1L);
        assertThat(step.outcome()).isNull();
        assertThat(step.stdin()).isEmpty();
        assertThat(step.emissions())
            .extracting(Emission::event)
            .singleElement()
            .isInstanceOfSatisfying(
                SessionEvent.Unknown.class,
                unknown -> assertThat(unknown.raw()).containsValue(LONGEST_LINE + 1L));
      }
      session.apply(input);
    }
    ProtocolSession plain = session().play(recording.inputs());
    assertThat(session.conversation()).isEqualTo(plain.conversation());
    assertThat(session.outcomes()).isEqualTo(plain.outcomes());
  }
}
