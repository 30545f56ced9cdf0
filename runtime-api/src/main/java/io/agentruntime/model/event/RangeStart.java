// SPDX-License-Identifier: MIT

package io.agentruntime.model.event;

import java.util.Objects;

/**
 * Which process a turn uses and where its range of the process's output begins.
 *
 * @param sandboxId the sandbox
 * @param processId the process in it
 * @param stdoutOffset first byte of standard output in this turn's range
 * @param stdinOffset first byte of standard input in this turn's range
 * @param architecture the architecture's id
 * @param decoderVersion the version of its decoder
 */
public record RangeStart(
    String sandboxId,
    String processId,
    long stdoutOffset,
    long stdinOffset,
    String architecture,
    String decoderVersion) {
  /** Checks required components. */
  public RangeStart {
    Objects.requireNonNull(sandboxId, "sandboxId");
    Objects.requireNonNull(processId, "processId");
    Objects.requireNonNull(architecture, "architecture");
    Objects.requireNonNull(decoderVersion, "decoderVersion");
  }
}
