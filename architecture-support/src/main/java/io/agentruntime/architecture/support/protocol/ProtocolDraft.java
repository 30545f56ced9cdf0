// SPDX-License-Identifier: MIT

package io.agentruntime.architecture.support.protocol;

import io.agentruntime.model.event.SessionEvent.ErrorRaised;
import io.agentruntime.model.turn.TurnOutcome;
import io.agentruntime.spi.architecture.ProtocolStep;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** One step in the making. Confined to it. */
public final class ProtocolDraft {
  public final Emitter out = new Emitter();
  private final StringBuilder stdin = new StringBuilder();
  private @Nullable TurnOutcome outcome;

  /** A line for the program. */
  public void line(String line) {
    stdin.append(line).append('\n');
  }

  /** How the turn ends; a failure is told as an event as well. */
  public void outcome(TurnOutcome ended) {
    if (ended instanceof TurnOutcome.Failed failed) {
      out.main(new ErrorRaised(failed.code(), failed.message(), failed.retryable()));
    }
    outcome = ended;
  }

  /** The step as it stands. */
  public ProtocolStep step() {
    byte[] bytes =
        stdin.isEmpty()
            ? ProtocolStep.NONE.stdin()
            : stdin.toString().getBytes(StandardCharsets.UTF_8);
    return new ProtocolStep(out.emissions(), bytes, false, outcome);
  }
}
