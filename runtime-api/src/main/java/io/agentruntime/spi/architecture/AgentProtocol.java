// SPDX-License-Identifier: MIT

package io.agentruntime.spi.architecture;

import io.agentruntime.model.event.Emission;
import io.agentruntime.model.event.PermissionAnswer;
import io.agentruntime.model.event.SessionEvent;
import io.agentruntime.spi.sandbox.ExitStatus;
import java.util.List;
import java.util.Map;

/**
 * A deterministic state machine that turns native output into events and inputs into native input.
 *
 * <p>One thread at a time. It must never throw for anything the program writes: what it does not
 * understand becomes one {@code Unknown} event or nothing. It emits {@code BlockCompleted} exactly
 * once for each {@code BlockStarted}, except for blocks that are open when the turn ends, which the
 * core completes. The user's own message is emitted by the core, not by the protocol.
 */
public interface AgentProtocol {
  /**
   * Called first: the handshake of a new process; not called when a snapshot was given. As it is,
   * none.
   */
  default ProtocolStep onStart() {
    return ProtocolStep.NONE;
  }

  /** A message to the agent; during a turn only where {@code STEER} is declared. */
  ProtocolStep onTurn(TurnInput input);

  /**
   * A line of standard output.
   *
   * @param line without its line end; decoded from UTF-8
   */
  ProtocolStep onStdout(String line);

  /**
   * A line that was too long to be decoded and was skipped.
   *
   * @param bytes its size
   */
  default ProtocolStep onOversizedLine(long bytes) {
    return ProtocolStep.of(
        List.of(Emission.main(new SessionEvent.Unknown("oversized_line", Map.of("bytes", bytes)))));
  }

  /**
   * The process has ended and all its output was given. During a turn the step must hold an
   * outcome.
   *
   * @param status how it ended
   * @param stderrTail the end of its standard error, for messages; never decoded
   */
  ProtocolStep onExit(ExitStatus status, String stderrTail);

  /**
   * The request to stop the running turn; the outcome comes with the program's answer. As it is,
   * nothing is asked, and the core ends the process: right without {@code INTERRUPT}.
   */
  default ProtocolStep interrupt() {
    return ProtocolStep.NONE;
  }

  /**
   * The answer to a permission request that is open; the step holds its {@code PermissionResolved}.
   * As it is, nothing is told: right without {@code PERMISSIONS}.
   */
  default ProtocolStep answer(PermissionAnswer answer) {
    return ProtocolStep.NONE;
  }

  /** The state after the last step as a small map, JSON-like, for {@link ProtocolStart}. */
  Map<String, Object> snapshot();
}
