// SPDX-License-Identifier: MIT

package io.agentruntime.sandbox.modal;

import com.google.protobuf.ByteString;
import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.sandbox.modal.grpc.GrpcException;
import io.agentruntime.sandbox.modal.grpc.GrpcStatus;
import io.agentruntime.sandbox.modal.wire.SecretSource;
import io.agentruntime.sandbox.modal.wire.StringMap;
import io.agentruntime.sandbox.modal.wire.router.TaskExecStartRequest;
import io.agentruntime.sandbox.modal.wire.router.TaskExecStartResponse;
import io.agentruntime.sandbox.modal.wire.router.TaskExecStderrConfig;
import io.agentruntime.sandbox.modal.wire.router.TaskExecStdinWriteRequest;
import io.agentruntime.sandbox.modal.wire.router.TaskExecStdinWriteResponse;
import io.agentruntime.sandbox.modal.wire.router.TaskExecStdioFileDescriptor;
import io.agentruntime.sandbox.modal.wire.router.TaskExecStdoutConfig;
import io.agentruntime.sandbox.modal.wire.router.TaskExecWaitRequest;
import io.agentruntime.sandbox.modal.wire.router.TaskExecWaitResponse;
import io.agentruntime.sandbox.support.ExecCommand;
import io.agentruntime.sandbox.support.Program;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A program that Modal runs in a sandbox. One thread may read while another writes; {@link #close}
 * from any.
 */
final class Exec implements Program {
  private static final Logger log = LoggerFactory.getLogger(Exec.class);
  private static final int CHUNK = 1 << 20;
  private static final int ERROR_LIMIT = 16 * 1024;
  private static final Duration WAIT = Duration.ofSeconds(60);

  private final Router router;
  private final String execId;
  private final Lives lives;
  private final ExecOutput stdout;
  private final Stdin stdin = new Stdin();
  private volatile boolean over;

  /** Whether a sandbox still runs. */
  @FunctionalInterface
  interface Lives {
    boolean test() throws IOException, InterruptedException;
  }

  private Exec(Router router, String execId, Lives lives) {
    this.router = router;
    this.execId = execId;
    this.lives = lives;
    stdout = output(TaskExecStdioFileDescriptor.TASK_EXEC_STDIO_FILE_DESCRIPTOR_STDOUT);
  }

  /** Starts a program once, however often the call has to be repeated. */
  static Exec start(Router router, ExecCommand command, Lives lives)
      throws GrpcException, InterruptedException {
    String execId = UUID.randomUUID().toString();
    TaskExecStartRequest.Builder request =
        TaskExecStartRequest.newBuilder()
            .setTaskId(router.taskId())
            .setExecId(execId)
            .addAllCommandArgs(command.arguments())
            .setWorkdir("/")
            .setStdoutConfig(TaskExecStdoutConfig.TASK_EXEC_STDOUT_CONFIG_PIPE)
            .setStderrConfig(TaskExecStderrConfig.TASK_EXEC_STDERR_CONFIG_PIPE);
    if (!command.environment().isEmpty()) {
      request.addSecretSources(
          SecretSource.newBuilder()
              .setEnv(StringMap.newBuilder().putAllContents(command.environment())));
    }
    if (command.timeout() != null) {
      request.setTimeoutSecs(Math.toIntExact(command.timeout().toSeconds()));
    }
    router.call("TaskExecStart", request.build(), TaskExecStartResponse.parser());
    return new Exec(router, execId, lives);
  }

  /** Standard input, sent when it is flushed; closing it is end of file for the program. */
  @Override
  public OutputStream stdin() {
    return stdin;
  }

  @Override
  public InputStream stdout() {
    return stdout;
  }

  /** The beginning of standard error; waits for the end of the program. */
  @Override
  public String errors() throws IOException {
    try (InputStream err =
        output(TaskExecStdioFileDescriptor.TASK_EXEC_STDIO_FILE_DESCRIPTOR_STDERR)) {
      return new String(err.readNBytes(ERROR_LIMIT), StandardCharsets.UTF_8).strip();
    }
  }

  /** Waits for the end; 128 + n when signal n ended it. */
  @Override
  public int exitCode() throws IOException, InterruptedException {
    TaskExecWaitRequest request =
        TaskExecWaitRequest.newBuilder().setTaskId(router.taskId()).setExecId(execId).build();
    while (true) {
      try {
        TaskExecWaitResponse end =
            router.call("TaskExecWait", request, TaskExecWaitResponse.parser(), WAIT);
        over = true;
        if (!end.hasCode() && !end.hasSignal()) {
          throw new IOException("a program ended without a code");
        }
        return end.hasCode() ? end.getCode() : 128 + end.getSignal();
      } catch (GrpcException e) {
        if (e.status() != GrpcStatus.DEADLINE_EXCEEDED || !lives.test()) {
          throw e;
        }
      }
    }
  }

  /** Not the end of an empty input: that is a call of its own, and nobody waits for it. */
  @Override
  public @Nullable IOException send(byte[] input) {
    return input.length == 0 ? null : Program.super.send(input);
  }

  /**
   * Stops reading. A program that did not end yet sees the end of its input, in the background:
   * nothing else tells it that nobody listens.
   */
  @Override
  public void close() {
    stdout.close();
    if (!over && !stdin.closed) {
      Thread.ofVirtual().name("modal-close").start(this::endQuietly);
    }
  }

  private void endQuietly() {
    try {
      stdin.close();
    } catch (IOException | AgentRuntimeException e) {
      log.debug("The input of a program cannot be ended", e); // the provider may be closed by now
    }
  }

  private ExecOutput output(TaskExecStdioFileDescriptor which) {
    return new ExecOutput(router, execId, which, lives);
  }

  /** Sends by offset, so that a call that was lost on its way can be repeated. */
  private final class Stdin extends OutputStream {
    private long offset;
    private byte @Nullable [] buffer;
    private int length;
    private volatile boolean closed;

    @Override
    public void write(int value) throws IOException {
      write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public synchronized void write(byte[] bytes, int from, int count) throws IOException {
      if (closed) {
        throw new IOException("the input was ended");
      }
      for (int done = 0; done < count; ) {
        byte[] room = buffer == null ? new byte[CHUNK] : buffer;
        buffer = room;
        int step = Math.min(count - done, room.length - length);
        System.arraycopy(bytes, from + done, room, length, step);
        length += step;
        done += step;
        if (length == room.length) {
          send(false);
        }
      }
    }

    @Override
    public synchronized void flush() throws IOException {
      if (length > 0) {
        send(false);
      }
    }

    @Override
    public synchronized void close() throws IOException {
      if (!closed) {
        closed = true;
        send(true);
      }
    }

    private void send(boolean last) throws IOException {
      ByteString data = buffer == null ? ByteString.EMPTY : ByteString.copyFrom(buffer, 0, length);
      try {
        router.call(
            "TaskExecStdinWrite",
            TaskExecStdinWriteRequest.newBuilder()
                .setTaskId(router.taskId())
                .setExecId(execId)
                .setOffset(offset)
                .setData(data)
                .setEof(last)
                .build(),
            TaskExecStdinWriteResponse.parser());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new InterruptedIOException("interrupted");
      }
      offset += length;
      length = 0;
      if (last) {
        buffer = null;
      }
    }
  }
}
