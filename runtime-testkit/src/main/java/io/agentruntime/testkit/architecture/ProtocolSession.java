// SPDX-License-Identifier: MIT

package io.agentruntime.testkit.architecture;

import io.agentruntime.model.block.Block;
import io.agentruntime.model.block.BlockHeader;
import io.agentruntime.model.block.BlockStatus;
import io.agentruntime.model.block.ToolStatus;
import io.agentruntime.model.conversation.Conversation;
import io.agentruntime.model.conversation.ConversationFold;
import io.agentruntime.model.event.Emission;
import io.agentruntime.model.event.SessionEvent.BlockCompleted;
import io.agentruntime.model.turn.TurnOutcome;
import io.agentruntime.spi.architecture.AgentProtocol;
import io.agentruntime.spi.architecture.ProtocolStep;
import io.agentruntime.spi.sandbox.ExitStatus;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A protocol and what it led to, with the core's part played as far as blocks go: the user's own
 * block, and the end of what is open when a turn ends. Confined to one thread.
 */
public final class ProtocolSession {
  private final AgentProtocol protocol;
  private final ConversationFold fold = new ConversationFold();
  private final List<Emission> emissions = new ArrayList<>();
  private final List<TurnOutcome> outcomes = new ArrayList<>();
  private final StringBuilder stdin = new StringBuilder();

  /** Begins with a fresh conversation. */
  public ProtocolSession(AgentProtocol protocol) {
    this.protocol = protocol;
  }

  /** Plays all inputs. */
  public ProtocolSession play(List<ProtocolInput> inputs) {
    inputs.forEach(this::apply);
    return this;
  }

  /** Applies one input; what the protocol answered. */
  public ProtocolStep apply(ProtocolInput input) {
    ProtocolStep step =
        switch (input) {
          case ProtocolInput.Start start -> protocol.onStart();
          case ProtocolInput.Turn turn -> {
            BlockHeader header = BlockHeader.complete(turn.input().messageId().value());
            fold(
                Emission.main(
                    new BlockCompleted(new Block.UserMessage(header, turn.input().content()))));
            yield protocol.onTurn(turn.input());
          }
          case ProtocolInput.Line line -> protocol.onStdout(line.text());
          case ProtocolInput.Interrupt interrupt -> protocol.interrupt();
          case ProtocolInput.Answer answer -> protocol.answer(answer.answer());
          case ProtocolInput.Exit exit ->
              protocol.onExit(new ExitStatus(exit.code()), exit.stderrTail());
        };
    emissions.addAll(step.emissions());
    step.emissions().forEach(this::fold);
    stdin.append(new String(step.stdin(), StandardCharsets.UTF_8));
    if (step.outcome() != null) {
      outcomes.add(step.outcome());
      closeOpenBlocks();
    }
    return step;
  }

  private void fold(Emission emission) {
    fold.apply(emission.conversationId(), emission.event());
  }

  private void closeOpenBlocks() {
    fold.openBlocks()
        .forEach(
            (conversation, blocks) ->
                blocks.forEach(
                    block -> fold(new Emission(conversation, new BlockCompleted(cutOff(block))))));
  }

  private static Block cutOff(Block block) {
    Block ended =
        switch (block) {
          case Block.ToolUse tool -> tool.with(ToolStatus.ERROR);
          case Block.Subagent s ->
              new Block.Subagent(
                  s.header(),
                  s.toolUseId(),
                  s.agentId(),
                  s.name(),
                  s.description(),
                  s.prompt(),
                  ToolStatus.ERROR,
                  s.output(),
                  s.durationMillis());
          default -> block;
        };
    return ended.withHeader(ended.header().with(BlockStatus.ERROR));
  }

  /** The protocol. */
  public AgentProtocol protocol() {
    return protocol;
  }

  /** Everything the protocol emitted, in order. */
  public List<Emission> emissions() {
    return List.copyOf(emissions);
  }

  /** How the turns ended, in order. */
  public List<TurnOutcome> outcomes() {
    return List.copyOf(outcomes);
  }

  /** Everything the protocol wrote. */
  public String stdin() {
    return stdin.toString();
  }

  /** The conversation now. */
  public Conversation conversation() {
    return fold.snapshot();
  }
}
