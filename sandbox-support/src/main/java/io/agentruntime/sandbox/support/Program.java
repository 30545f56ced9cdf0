// SPDX-License-Identifier: MIT

package io.agentruntime.sandbox.support;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/**
 * A program that was started in a sandbox. One thread may read while another writes; {@link #close}
 * from any thread. Whoever started it closes it.
 */
public interface Program extends AutoCloseable {
  /** Standard input; closing it is end of file for the program. May be sent only when flushed. */
  OutputStream stdin();

  /** Standard output. Its end is the program's end, or that of whatever runs programs. */
  InputStream stdout();

  /** A part of standard error, bounded; to be asked for after the end of {@link #stdout}. */
  String errors() throws IOException;

  /** Waits for the end of a program whose output has ended. */
  int exitCode() throws IOException, InterruptedException;

  /**
   * Sends a small input and its end. May leave out the end of an empty one, which no program waits
   * for that was given none.
   *
   * @return what went wrong, which may only mean that the program did not want all of it
   */
  default @Nullable IOException send(byte[] input) {
    try {
      stdin().write(input);
      stdin().close();
      return null;
    } catch (IOException e) {
      return e;
    }
  }

  /** Lets both directions be silent for as long as they like from now on. */
  default void neverTimeOut() {}

  /** Stops reading and writing, which need not end the program. Idempotent. */
  @Override
  void close();
}
