// SPDX-License-Identifier: MIT

package io.agentruntime.spi.architecture;

import io.agentruntime.model.event.Emission;
import io.agentruntime.model.turn.TurnOutcome;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one step of a protocol leads to, in this order: events, bytes to write, the turn's end.
 *
 * @param emissions events
 * @param stdin bytes for standard input; empty for none; must not be changed afterwards
 * @param closeStdin whether standard input ends after these bytes
 * @param outcome the turn's end, null while it goes on
 */
public record ProtocolStep(
    List<Emission> emissions, byte[] stdin, boolean closeStdin, @Nullable TurnOutcome outcome) {
  private static final byte[] NO_BYTES = new byte[0];

  /** Nothing. */
  public static final ProtocolStep NONE = new ProtocolStep(List.of(), NO_BYTES, false, null);

  /** Copies the list. */
  public ProtocolStep {
    emissions = List.copyOf(emissions);
  }

  /** Events alone. */
  public static ProtocolStep of(List<Emission> emissions) {
    return emissions.isEmpty() ? NONE : new ProtocolStep(emissions, NO_BYTES, false, null);
  }

  /** Events and the turn's end. */
  public static ProtocolStep of(List<Emission> emissions, @Nullable TurnOutcome outcome) {
    return new ProtocolStep(emissions, NO_BYTES, false, outcome);
  }

  /** One line for standard input; the line end is added. */
  public static ProtocolStep line(String line) {
    return new ProtocolStep(List.of(), (line + '\n').getBytes(StandardCharsets.UTF_8), false, null);
  }

  @Override
  public String toString() {
    return "ProtocolStep["
        + emissions
        + ", "
        + stdin.length
        + " bytes, close "
        + closeStdin
        + ", "
        + outcome
        + "]";
  }
}
