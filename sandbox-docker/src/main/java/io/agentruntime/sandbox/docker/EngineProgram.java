// SPDX-License-Identifier: MIT

package io.agentruntime.sandbox.docker;

import io.agentruntime.sandbox.support.Pause;
import io.agentruntime.sandbox.support.Program;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.OptionalInt;

/**
 * A program started in a container.
 *
 * @param execId the engine's id for it
 */
record EngineProgram(Engine engine, String execId, ExecStream streams) implements Program {
  private static final Duration FIRST_PAUSE = Duration.ofNanos(200_000);
  private static final Duration LONGEST_PAUSE = Duration.ofMillis(50);
  private static final int MAX_PAUSES = 200;

  @Override
  public OutputStream stdin() {
    return streams.stdin();
  }

  @Override
  public InputStream stdout() {
    return streams.stdout();
  }

  @Override
  public String errors() {
    return streams.errors();
  }

  /** The engine may learn of the end of a program a moment after the end of its output. */
  @Override
  public int exitCode() throws IOException, InterruptedException {
    Duration pause = FIRST_PAUSE;
    for (int i = 0; i < MAX_PAUSES; i++) {
      OptionalInt code = engine.programs().exitCode(execId);
      if (code.isPresent()) {
        return code.getAsInt();
      }
      Pause.of(pause);
      pause = pause.compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
    }
    throw new IOException("a program closed its output but did not end");
  }

  @Override
  public void neverTimeOut() {
    streams.neverTimeOut();
  }

  /** Does not end the program, but its input and output. */
  @Override
  public void close() {
    streams.close();
  }
}
