// SPDX-License-Identifier: MIT

package io.agentruntime.sandbox.modal.standin;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.agentruntime.sandbox.modal.wire.FileDescriptor;
import io.agentruntime.sandbox.modal.wire.SandboxGetLogsRequest;
import io.agentruntime.sandbox.modal.wire.TaskLogs;
import io.agentruntime.sandbox.modal.wire.TaskLogsBatch;
import java.io.IOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** An entrypoint's output as the first backend gives it: text, in batches named by their end. */
final class EntrypointLogs {
  private static final int CHUNK = 64 * 1024;
  private static final int LONGEST_CHARACTER = 4;

  private final LocalSandbox sandbox;

  EntrypointLogs(LocalSandbox sandbox) {
    this.sandbox = sandbox;
  }

  void send(SandboxGetLogsRequest q, Calls.Output<TaskLogsBatch> output)
      throws IOException, InterruptedException, ExecutionException {
    long deadline = System.nanoTime() + (long) (q.getTimeout() * 1e9);
    String last = q.getLastEntryId();
    long offset = last.isEmpty() ? 0 : Long.parseLong(last.substring(0, last.indexOf('-')));
    if (sandbox.entrypoint().isEmpty()) {
      if (awaitEnd(deadline)) {
        output.send(batch(offset).setEof(true).build());
      }
      return;
    }
    Execution program = sandbox.entrypoint().get();
    Spool spool =
        q.getFileDescriptor() == FileDescriptor.FILE_DESCRIPTOR_STDERR
            ? program.err()
            : program.out();
    while (System.nanoTime() < deadline) {
      boolean ended = spool.isEnded();
      byte[] bytes = spool.read(offset, CHUNK, deadline - System.nanoTime());
      int whole = ended ? bytes.length : wholeCharacters(bytes);
      if (whole > 0) {
        offset += whole;
        output.send(
            batch(offset)
                .addItems(
                    TaskLogs.newBuilder()
                        .setData(new String(bytes, 0, whole, UTF_8))
                        .setFileDescriptor(q.getFileDescriptor()))
                .build());
      } else if (ended) {
        output.send(batch(offset).setEof(true).build());
        return;
      }
    }
  }

  private boolean awaitEnd(long deadline) throws InterruptedException, ExecutionException {
    try {
      var unused =
          sandbox.result().get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
      return true;
    } catch (TimeoutException stillRunning) {
      return false;
    }
  }

  private static TaskLogsBatch.Builder batch(long end) {
    return TaskLogsBatch.newBuilder().setEntryId(end + "-0");
  }

  /** How many bytes are whole characters: the last one may be torn. */
  private static int wholeCharacters(byte[] bytes) {
    for (int back = 1; back <= Math.min(LONGEST_CHARACTER, bytes.length); back++) {
      int lead = bytes[bytes.length - back] & 0xff;
      if (lead < 0x80) {
        break;
      }
      if (lead >= 0xc0) {
        int length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
        return length > back ? bytes.length - back : bytes.length;
      }
    }
    return bytes.length;
  }
}
