// SPDX-License-Identifier: MIT

package io.agentruntime.sandbox.modal;

import com.google.protobuf.ByteString;
import io.agentruntime.sandbox.modal.grpc.GrpcException;
import io.agentruntime.sandbox.modal.grpc.GrpcStatus;
import io.agentruntime.sandbox.modal.wire.router.TaskExecStdioFileDescriptor;
import io.agentruntime.sandbox.modal.wire.router.TaskExecStdioReadRequest;
import io.agentruntime.sandbox.modal.wire.router.TaskExecStdioReadResponse;
import io.agentruntime.sandbox.support.Pause;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An output of a program, from its beginning to its end: a stream that breaks is taken up again at
 * the byte where it broke. One reader; {@link #close} from any thread.
 */
final class ExecOutput extends InputStream {
  /** A connection that is gone may look like a program that is silent: asking again tells. */
  private static final Duration LONGEST_SILENCE = Duration.ofMinutes(2);

  private final Router router;
  private final String execId;
  private final TaskExecStdioFileDescriptor which;
  private final Exec.Lives lives;
  private long offset;
  private ByteString present = ByteString.EMPTY;
  private int at;
  private boolean ended;
  private int failures;
  private volatile Router.@Nullable Streaming stream;
  private volatile boolean closed;

  /**
   * An output that is not read yet.
   *
   * @param lives whether the sandbox still runs
   */
  ExecOutput(Router router, String execId, TaskExecStdioFileDescriptor which, Exec.Lives lives) {
    this.router = router;
    this.execId = execId;
    this.which = which;
    this.lives = lives;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] into, int from, int length) throws IOException {
    Objects.checkFromIndexSize(from, length, into.length);
    if (length == 0) {
      return 0;
    }
    while (at == present.size()) {
      if (ended || !fill()) {
        return -1;
      }
    }
    int count = Math.min(length, present.size() - at);
    present.copyTo(into, at, from, count);
    at += count;
    return count;
  }

  @Override
  public int available() {
    return present.size() - at;
  }

  @Override
  public void close() {
    closed = true;
    Router.Streaming open = stream;
    if (open != null) {
      open.close();
    }
  }

  /** Waits for more; false at the end. */
  private boolean fill() throws IOException {
    try {
      while (true) {
        try {
          byte[] message = next();
          if (message == null) {
            ended = true;
            close();
            return false;
          }
          present =
              Unary.parse("TaskExecStdioRead", message, TaskExecStdioReadResponse.parser())
                  .getData();
          at = 0;
          offset += present.size();
          failures = 0;
          return true;
        } catch (GrpcException e) {
          giveUpOrPause(e);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted");
    }
  }

  private byte @Nullable [] next() throws GrpcException, InterruptedException, IOException {
    while (true) {
      Router.Streaming open = stream;
      if (open == null) {
        open =
            router.stream(
                "TaskExecStdioRead",
                TaskExecStdioReadRequest.newBuilder()
                    .setTaskId(router.taskId())
                    .setExecId(execId)
                    .setFileDescriptor(which)
                    .setOffset(offset)
                    .build());
        stream = open;
        if (closed) {
          open.close();
          throw new IOException("the output was closed");
        }
      }
      try {
        return open.call().next(LONGEST_SILENCE);
      } catch (GrpcException e) {
        open.close();
        stream = null;
        if (e.status() == GrpcStatus.UNAUTHENTICATED) {
          open.refused().run();
        }
        if (closed) {
          throw new IOException("the output was closed", e);
        }
        if (e.status() != GrpcStatus.DEADLINE_EXCEEDED || failures > 0) {
          throw e;
        }
        // Silent for long: the next stream begins where this one was.
      }
    }
  }

  private void giveUpOrPause(GrpcException failure) throws IOException, InterruptedException {
    failures++;
    boolean again =
        Retry.isTransient(failure)
            || (failure.status() == GrpcStatus.UNAUTHENTICATED && failures == 1);
    if (!again || failures > Retry.ROUTER.attempts() || !lives.test()) {
      throw failure;
    }
    Pause.of(Retry.ROUTER.pause(failures));
  }
}
