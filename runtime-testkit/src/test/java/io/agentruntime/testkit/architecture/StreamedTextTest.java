// SPDX-License-Identifier: MIT

package io.agentruntime.testkit.architecture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.agentruntime.model.block.Block;
import io.agentruntime.model.block.BlockHeader;
import io.agentruntime.model.block.BlockId;
import io.agentruntime.model.block.BlockStatus;
import io.agentruntime.model.event.DeltaField;
import io.agentruntime.model.event.Emission;
import io.agentruntime.model.event.SessionEvent;
import io.agentruntime.model.event.SessionEvent.BlockCompleted;
import io.agentruntime.model.event.SessionEvent.BlockDelta;
import io.agentruntime.model.event.SessionEvent.BlockStarted;
import io.agentruntime.model.turn.TurnOutcome;
import io.agentruntime.spi.architecture.AgentProtocol;
import io.agentruntime.spi.architecture.ProtocolStep;
import io.agentruntime.spi.architecture.TurnInput;
import io.agentruntime.spi.sandbox.ExitStatus;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Text in pieces, and an interrupt, as the guide to architectures shows them. */
class StreamedTextTest {
  private final ProtocolSession session =
      new ProtocolSession(new Streaming())
          .play(List.of(new ProtocolInput.Start(), ProtocolInput.Turn.of("question", "Who?")));

  private void say(String... lines) {
    for (String line : lines) {
      session.apply(new ProtocolInput.Line(line));
    }
  }

  @Test
  void theWholeTextIsTheSumOfItsPieces() {
    say("begin", "piece Hel", "piece lo, you", "end", "done");

    assertThat(session.outcomes()).containsExactly(new TurnOutcome.Completed());
    assertThat(session.conversation().blocks().getLast())
        .isEqualTo(new Block.AssistantText(BlockHeader.complete("text-1"), "Hello, you", null));
  }

  @Test
  void anInterruptedTextIsCompletedByTheCoreAndTheNextOneHasAnotherId() {
    say("begin", "piece Hel");
    session.apply(new ProtocolInput.Interrupt());
    say("stopped");
    session.apply(ProtocolInput.Turn.of("again", "Again"));
    say("begin", "piece Here", "end", "done");

    assertThat(session.stdin()).contains("interrupt\n");
    assertThat(session.outcomes())
        .containsExactly(new TurnOutcome.Interrupted(), new TurnOutcome.Completed());
    assertThat(session.conversation().blocks())
        .extracting(block -> block.id().value(), block -> block.header().status())
        .contains(tuple("text-1", BlockStatus.ERROR), tuple("text-2", BlockStatus.COMPLETE));
  }

  private static final class Streaming implements AgentProtocol {
    private final StringBuilder sum = new StringBuilder();
    private int texts;

    @Override
    public ProtocolStep onTurn(TurnInput input) {
      return ProtocolStep.line("turn " + input.content().plainText());
    }

    // tag::deltas[]
    @Override
    public ProtocolStep onStdout(String line) {
      String[] words = (line + " ").split(" ", 2);
      return switch (words[0]) {
        case "begin" -> {
          texts++; // ids by position, as in the transcript
          sum.setLength(0);
          yield event(new BlockStarted(text(BlockHeader.pending(id()))));
        }
        case "piece" -> {
          String piece = words[1].substring(0, words[1].length() - 1);
          sum.append(piece);
          yield event(new BlockDelta(new BlockId(id()), DeltaField.TEXT, piece));
        }
        case "end" -> event(new BlockCompleted(text(BlockHeader.complete(id()))));
        case "done" -> ProtocolStep.of(List.of(), new TurnOutcome.Completed());
        case "stopped" -> ProtocolStep.of(List.of(), new TurnOutcome.Interrupted());
        default -> event(new SessionEvent.Unknown("line", Map.of("raw", line)));
      };
    }

    private Block text(BlockHeader header) {
      return new Block.AssistantText(header, sum.toString(), null);
    }

    @Override
    public ProtocolStep interrupt() {
      return ProtocolStep.line("interrupt"); // the outcome comes with "stopped"
    }

    @Override
    public Map<String, Object> snapshot() {
      return Map.of("texts", texts); // not the sum: between turns no block is open
    }

    // end::deltas[]

    private String id() {
      return "text-" + texts;
    }

    private static ProtocolStep event(SessionEvent.StreamEvent event) {
      return ProtocolStep.of(List.of(Emission.main(event)));
    }

    @Override
    public ProtocolStep onExit(ExitStatus status, String stderrTail) {
      return ProtocolStep.NONE;
    }
  }
}
