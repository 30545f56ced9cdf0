// SPDX-License-Identifier: MIT

package io.agentruntime.core.turn;

import io.agentruntime.core.session.QueuedMessage;
import io.agentruntime.core.state.RangeLog;
import io.agentruntime.core.state.SessionFold;
import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import io.agentruntime.model.event.SessionEvent.InputApplied;
import io.agentruntime.spi.architecture.AgentProtocol;
import io.agentruntime.spi.architecture.ProtocolStep;
import io.agentruntime.spi.architecture.TurnInput;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Gives a protocol the inputs that the log has once more, so that it knows again what it knew
 * before a crash. Has no state of its own. Confined to the session's actor.
 */
final class JournaledInputs {
  /** Kind of the input that asks the agent to stop. */
  static final String INTERRUPT = "interrupt";

  /** Kind of the input that answers a permission request. */
  static final String ANSWER = "answer";

  private final SessionFold fold;
  private final AgentProtocol protocol;
  private final Duration interruptGrace;

  JournaledInputs(SessionFold fold, AgentProtocol protocol, Duration interruptGrace) {
    this.fold = fold;
    this.protocol = protocol;
    this.interruptGrace = interruptGrace;
  }

  /**
   * Gives an input.
   *
   * @param input as the log has it
   * @param turn the active turn, which learns what had been done for it
   * @throws AgentRuntimeException {@code STORE_CORRUPT}
   */
  ProtocolStep again(InputApplied input, @Nullable ActiveTurn turn) {
    return switch (input.kind()) {
      case RangeLog.START -> protocol.onStart();
      case RangeLog.TURN -> turnAgain(RangeLog.messageId(input), turn);
      case INTERRUPT -> {
        if (turn != null) {
          turn.interrupt(System.nanoTime(), interruptGrace);
          turn.asked();
        }
        yield protocol.interrupt();
      }
      case ANSWER -> protocol.answer(Answers.read(input.argument()));
      default ->
          throw new AgentRuntimeException(
              StandardError.STORE_CORRUPT, "the log has an unknown input: " + input.kind());
    };
  }

  private ProtocolStep turnAgain(String messageId, @Nullable ActiveTurn turn) {
    QueuedMessage message = fold.givenToTurn(messageId);
    if (message == null) {
      throw new AgentRuntimeException(
          StandardError.STORE_CORRUPT, "the log does not know message " + messageId);
    }
    if (turn != null) {
      turn.given();
    }
    return protocol.onTurn(new TurnInput(message.messageId(), message.content()));
  }
}
