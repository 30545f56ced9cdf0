// SPDX-License-Identifier: MIT

package io.agentruntime.testkit.architecture;

import io.agentruntime.model.event.PermissionAnswer;
import io.agentruntime.model.turn.MessageId;
import io.agentruntime.model.turn.UserContent;
import io.agentruntime.spi.architecture.TurnInput;

/** One input of a protocol, in the order in which the protocol saw it. */
public sealed interface ProtocolInput {
  /** The process was started. */
  record Start() implements ProtocolInput {}

  /**
   * A message.
   *
   * @param input the message
   */
  record Turn(TurnInput input) implements ProtocolInput {
    /** A message of plain text. */
    public static Turn of(String messageId, String text) {
      return new Turn(new TurnInput(new MessageId(messageId), new UserContent.Text(text)));
    }
  }

  /**
   * A line of standard output.
   *
   * @param text without its line end
   */
  record Line(String text) implements ProtocolInput {}

  /** The request to stop. */
  record Interrupt() implements ProtocolInput {}

  /**
   * The answer to a question.
   *
   * @param answer the answer
   */
  record Answer(PermissionAnswer answer) implements ProtocolInput {}

  /**
   * The process has ended.
   *
   * @param code its exit code
   * @param stderrTail the end of its standard error
   */
  record Exit(int code, String stderrTail) implements ProtocolInput {}
}
