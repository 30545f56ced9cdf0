// SPDX-License-Identifier: MIT

package io.agentruntime.core.turn;

import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.spi.sandbox.ExitStatus;
import java.util.List;

/** Where an agent process's output goes. Called from the reader's thread. */
public interface OutputSink {
  /** Waits until more output can be taken. */
  void awaitRoom() throws InterruptedException;

  /** Complete lines in order; may block. */
  void lines(List<LineSplitter.Line> lines) throws InterruptedException;

  /** The process has ended and all its output was given. */
  void exited(ExitStatus status, String stderrTail);

  /** The process or its sandbox is gone. */
  void lost(AgentRuntimeException reason);
}
