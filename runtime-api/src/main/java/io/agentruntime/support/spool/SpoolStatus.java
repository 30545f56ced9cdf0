// SPDX-License-Identifier: MIT

package io.agentruntime.support.spool;

import io.agentruntime.spi.sandbox.ExitStatus;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How far a process and its streams are.
 *
 * @param exitStatus how it ended, null while it runs
 * @param stdinLength bytes written to its standard input
 * @param stdoutLength bytes of standard output so far
 * @param stdoutFirst the first byte of standard output that was not released
 * @param stderrLength bytes of standard error so far
 * @param stderrFirst the first byte of standard error that is still kept
 */
public record SpoolStatus(
    @Nullable ExitStatus exitStatus,
    long stdinLength,
    long stdoutLength,
    long stdoutFirst,
    long stderrLength,
    long stderrFirst) {
  /** The exit code that is told when the supervisor was killed before the program ended. */
  public static final int EXIT_CODE_LOST = 255;

  /** How it ended, empty while it runs. */
  public Optional<ExitStatus> exit() {
    return Optional.ofNullable(exitStatus);
  }
}
