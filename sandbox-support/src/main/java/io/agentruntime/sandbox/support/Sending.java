// SPDX-License-Identifier: MIT

package io.agentruntime.sandbox.support;

import io.agentruntime.error.AgentRuntimeException;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/**
 * Sends to a program in two parts on a virtual thread of its own, while the caller reads: so
 * neither side waits for the other to read, however much there is. Used by one thread.
 */
final class Sending implements AutoCloseable {
  private static final int BUFFER = 64 * 1024;

  private final CompletableFuture<Part> second = new CompletableFuture<>();
  private final FutureTask<Void> task;

  private Sending(OutputStream out, byte[] first) {
    task =
        new FutureTask<>(
            () -> {
              try (OutputStream buffered = new BufferedOutputStream(out, BUFFER)) {
                buffered.write(first);
                buffered.flush();
                second.get().writeTo(buffered);
              }
              return null;
            });
  }

  /**
   * Sends the first part and then waits for the second.
   *
   * @param out standard input of the program; closed at the end
   */
  static Sending start(OutputStream out, byte[] first) {
    Sending sending = new Sending(out, first);
    Thread.ofVirtual().name("sandbox-send").start(sending.task);
    return sending;
  }

  /** Sends the second part. */
  void then(Part part) {
    second.complete(part);
  }

  /**
   * Waits until all is sent.
   *
   * @return why not all could be sent, null when it was; a program may end without reading all
   * @throws AgentRuntimeException what the second part itself threw
   */
  @Nullable IOException await() throws InterruptedException {
    try {
      task.get();
      return null;
    } catch (ExecutionException e) {
      return switch (e.getCause()) {
        case IOException broken -> broken;
        case AgentRuntimeException failed -> throw failed;
        default -> throw new IllegalStateException("Cannot send to a program", e.getCause());
      };
    } catch (CancellationException e) {
      return new IOException("sending was given up", e);
    }
  }

  /** Gives up what was not sent; the caller closes the connection, too. */
  @Override
  public void close() {
    second.cancel(false);
    task.cancel(true);
  }

  /** What is sent. */
  @FunctionalInterface
  interface Part {
    void writeTo(OutputStream out) throws IOException;
  }
}
