// SPDX-License-Identifier: MIT

package io.agentruntime.app;

import io.agentruntime.testkit.architecture.ScriptedProgram;
import io.agentruntime.testkit.sandbox.FakeProgram;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** The scripted program, with a pause after each line that it writes. */
final class SlowAgent {
  private SlowAgent() {}

  static FakeProgram pausing(Duration pause) {
    return machine ->
        ScriptedProgram.run(machine.withStdout(new SlowOutput(machine.stdout(), pause)));
  }

  private static final class SlowOutput extends OutputStream {
    private final OutputStream out;
    private final Duration pause;

    SlowOutput(OutputStream out, Duration pause) {
      this.out = out;
      this.pause = pause;
    }

    @Override
    public void write(int b) throws IOException {
      out.write(b);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
      out.write(bytes, from, length);
    }

    @Override
    public void flush() throws IOException {
      out.flush();
      try {
        // Nobody ever opens it: what is waited for is that the time passes.
        boolean opened = new CountDownLatch(1).await(pause.toNanos(), TimeUnit.NANOSECONDS);
        assert !opened;
      } catch (InterruptedException e) {
        throw new InterruptedIOException("the program was ended");
      }
    }
  }
}
