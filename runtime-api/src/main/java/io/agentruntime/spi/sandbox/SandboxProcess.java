// SPDX-License-Identifier: MIT

package io.agentruntime.spi.sandbox;

import io.agentruntime.error.AgentRuntimeException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Optional;

/**
 * A program that runs, or ran, in a sandbox, independent of this server.
 *
 * <p>Thread-safe, but standard input has one writer at a time. Output stays readable from any byte
 * offset that was not released, also after exit and from another server.
 */
public interface SandboxProcess {
  /** The id from its spec. */
  ProcessId id();

  /**
   * Follows standard output from a byte offset: blocks for more until the process has exited and
   * everything was read. The stream throws {@link java.io.InterruptedIOException} on interruption
   * and {@link java.io.IOException} when the sandbox is lost. The caller closes it, which only ends
   * the following.
   *
   * @throws AgentRuntimeException {@code OFFSET_RELEASED} for a released offset
   */
  InputStream stdout(long offset) throws InterruptedException;

  /** Follows standard error, as {@link #stdout}. */
  InputStream stderr(long offset) throws InterruptedException;

  /**
   * Appends to standard input what lies past its present length: repeating a call is harmless, a
   * torn write is completed.
   *
   * @param offset where {@code bytes} belongs
   * @param bytes what to write
   * @return the length of standard input afterwards
   * @throws AgentRuntimeException {@code OFFSET_MISMATCH} when {@code offset} lies past the present
   *     length (a gap), {@code CLOSED} when it was closed and bytes would be added
   */
  long writeStdin(long offset, byte[] bytes) throws InterruptedException;

  /** Ends standard input: the program sees end of file after what was written. Idempotent. */
  void closeStdin() throws InterruptedException;

  /** How it ended, empty while it runs. */
  Optional<ExitStatus> exit() throws InterruptedException;

  /** Waits for its end; empty when the timeout came first. */
  Optional<ExitStatus> awaitExit(Duration timeout) throws InterruptedException;

  /** Sends a signal to it and its descendants; no error when it has ended. */
  void signal(ProcessSignal signal) throws InterruptedException;

  /**
   * Gives back the space of standard output before an offset; offsets do not move. Idempotent.
   *
   * @param upTo first byte still needed
   */
  void release(long upTo) throws InterruptedException;
}
