// SPDX-License-Identifier: MIT

package io.agentruntime.architecture.acp;

import io.agentruntime.model.event.SessionEvent.ErrorRaised;
import io.agentruntime.model.turn.TurnOutcome;
import io.agentruntime.spi.architecture.ProtocolStep;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** One step in the making. Confined to it. */
final class ProtocolDraft {
  final Emitter out = new Emitter();
  private final StringBuilder stdin = new StringBuilder();
  private @Nullable TurnOutcome outcome;

  void line(String line) {
    stdin.append(line).append('\n');
  }

  void outcome(TurnOutcome ended) {
    if (ended instanceof TurnOutcome.Failed failed) {
      out.main(new ErrorRaised(failed.code(), failed.message(), failed.retryable()));
    }
    outcome = ended;
  }

  ProtocolStep step() {
    byte[] bytes =
        stdin.isEmpty()
            ? ProtocolStep.NONE.stdin()
            : stdin.toString().getBytes(StandardCharsets.UTF_8);
    return new ProtocolStep(out.emissions(), bytes, false, outcome);
  }
}
