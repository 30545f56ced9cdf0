// SPDX-License-Identifier: MIT

package io.agentruntime.core.turn;

import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.spi.architecture.AgentProtocol;
import io.agentruntime.spi.sandbox.ProcessSignal;
import io.agentruntime.spi.sandbox.Sandbox;
import io.agentruntime.spi.sandbox.SandboxProcess;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One agent process with its protocol, as its session drives it. Confined to the session's actor.
 */
public final class AgentRun implements AutoCloseable {
  private final Sandbox sandbox;
  private final SandboxProcess process;
  private final AgentProtocol protocol;
  private final boolean servesManyTurns;
  private final StdinWriter writer;
  private @Nullable StdoutReader reader;
  private long decoded;
  private long decided;
  private int rangeIndex;
  private long released;
  private Replay replay = Replay.none();

  /** A run of a process that was just started. */
  public AgentRun(
      String name,
      Sandbox sandbox,
      SandboxProcess process,
      AgentProtocol protocol,
      boolean servesManyTurns,
      Consumer<AgentRuntimeException> onWriteFailed) {
    this.sandbox = sandbox;
    this.process = process;
    this.protocol = protocol;
    this.servesManyTurns = servesManyTurns;
    this.writer = new StdinWriter(name + "-stdin", process, onWriteFailed);
  }

  /**
   * Takes it as a process that an earlier server understood up to some offsets.
   *
   * @param stdoutOffset from where its output is read again
   * @param stdinOffset where the input of that range began
   * @param again what has to be done again
   */
  public void resumeAt(long stdoutOffset, long stdinOffset, Replay again) {
    decoded = stdoutOffset;
    released = stdoutOffset;
    decided = stdinOffset;
    replay = again;
  }

  /** What has still to be done again. */
  public Replay replay() {
    return replay;
  }

  /** Takes the reader of its output, to close it at the end. */
  public void reading(StdoutReader newReader) {
    reader = newReader;
  }

  /** The sandbox. */
  public Sandbox sandbox() {
    return sandbox;
  }

  /** The process. */
  public SandboxProcess process() {
    return process;
  }

  /** The protocol. */
  public AgentProtocol protocol() {
    return protocol;
  }

  /** Whether the process serves further turns. */
  public boolean servesManyTurns() {
    return servesManyTurns;
  }

  /** Bytes of output decoded so far. */
  public long decoded() {
    return decoded;
  }

  /** Takes output as decoded. */
  public void decoded(long offset) {
    decoded = offset;
  }

  /** Output before this offset has been given back. */
  public long released() {
    return released;
  }

  /** Takes output before an offset as given back. */
  public void released(long offset) {
    released = offset;
  }

  /** Where the next bytes of input go. */
  public long decided() {
    return decided;
  }

  /** Takes bytes of input as decided and gives their offset. */
  public long decide(int bytes) {
    long at = decided;
    decided += bytes;
    return at;
  }

  /** Takes bytes of input as decided by an earlier server. */
  public void decided(long upTo) {
    decided = upTo;
  }

  /** The index of the range's next protocol event. */
  public int nextIndex() {
    return rangeIndex++;
  }

  /** Begins a new range of protocol events. */
  public void newRange() {
    rangeIndex = 0;
    replay = Replay.none();
  }

  /** The writer of its input. */
  public StdinWriter writer() {
    return writer;
  }

  /** Signals the process, on a thread of its own because that may take a while. */
  public void signal(ProcessSignal signal) {
    Thread.ofVirtual()
        .name(process.id() + "-signal")
        .start(
            () -> {
              try {
                process.signal(signal);
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              } catch (RuntimeException e) {
                org.slf4j.LoggerFactory.getLogger(AgentRun.class)
                    .info("signalling {} failed: {}", process.id(), e.getMessage());
              }
            });
  }

  /** Stops reading and writing; the process is left alone. */
  @Override
  public void close() {
    StdoutReader open = reader;
    if (open != null) {
      open.close();
    }
    writer.close();
  }
}
