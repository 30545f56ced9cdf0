// SPDX-License-Identifier: MIT

package io.agentruntime.sandbox.support;

import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.spi.sandbox.ProcessId;
import io.agentruntime.support.spool.SpoolCommands;
import io.agentruntime.support.spool.SpoolReply;
import io.agentruntime.support.spool.SpoolStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The output of a process as a program in the sandbox follows it, until the process has ended. A
 * follower that ends before that may be followed by another one, from the same byte. One reader;
 * {@link #close} from any thread.
 */
final class FollowedOutput extends InputStream {
  /** What a server leaves behind when it dies ends after this. */
  private static final Duration LONGEST_FOLLOWER = Duration.ofHours(1);

  private final ExecChannel channel;
  private final SpoolCommands spool;
  private final ProcessId id;
  private final SpoolStream stream;
  private long offset;
  private int inVain;
  private boolean ended;
  private volatile @Nullable Program follower;
  private volatile boolean closed;

  FollowedOutput(
      ExecChannel channel, SpoolCommands spool, ProcessId id, SpoolStream stream, long offset) {
    this.channel = channel;
    this.spool = spool;
    this.id = id;
    this.stream = stream;
    this.offset = offset;
  }

  /** Starts a follower and reads its answer; what it sends then is the output itself. */
  void begin() throws InterruptedException {
    String attempt = "read the output of process " + id;
    ExecCommand command =
        ExecCommand.of(spool.follow(id, stream, offset, true)).endedAfter(LONGEST_FOLLOWER);
    Program started = channel.start(attempt, command);
    boolean followed = false;
    try {
      String line = channel.guarded(attempt, () -> SpoolReply.readLine(started.stdout()));
      if (line.isEmpty()) {
        throw channel.failure(attempt, channel.guarded(attempt, started::errors));
      }
      SpoolReply.followed(id, line);
      started.neverTimeOut();
      follower = started;
      followed = !closed;
    } finally {
      if (!followed) {
        started.close();
      }
    }
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] into, int from, int length) throws IOException {
    while (!ended) {
      Program present = follower;
      if (present == null || closed) {
        throw new IOException("the output was closed");
      }
      int count = present.stdout().read(into, from, length);
      if (count >= 0) {
        offset += count;
        inVain = 0;
        return count;
      }
      goOnUnlessWhole(present);
    }
    return -1;
  }

  @Override
  public int available() throws IOException {
    Program present = follower;
    return present == null || ended || closed ? 0 : present.stdout().available();
  }

  @Override
  public void close() {
    closed = true;
    Program present = follower;
    if (present != null) {
      present.close();
    }
  }

  /** The same end of stream comes when the follower or the sandbox was ended. */
  private void goOnUnlessWhole(Program present) throws IOException {
    try {
      int code = present.exitCode();
      present.close();
      if (code == 0) {
        ended = true;
        return;
      }
      if (++inVain > channel.resumptions() || !channel.isAlive()) {
        throw new IOException("the output was cut off: the follower ended with " + code);
      }
      begin();
    } catch (AgentRuntimeException e) {
      throw new IOException("the output was cut off", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted");
    }
  }
}
