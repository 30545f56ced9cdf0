// SPDX-License-Identifier: MIT

package io.agentruntime.sandbox.modal.standin;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** One program in a sandbox, with its streams, kept until the sandbox is forgotten. Thread-safe. */
final class Execution {
  /** What is to run, and how. */
  record Order(
      List<String> command,
      Map<String, String> environment,
      String folder,
      boolean terminal,
      boolean keepOut,
      boolean keepErr,
      boolean errToOut) {}

  private final Spool out;
  private final Spool err;
  private final Stdin stdin;
  private final Runnable kill;
  private final CompletableFuture<Exit> exit = new CompletableFuture<>();

  private Execution(Spool out, Spool err, OutputStream stdin, Runnable kill) {
    this.out = out;
    this.err = err;
    this.stdin = new Stdin(stdin);
    this.kill = kill;
  }

  /**
   * Starts a program.
   *
   * @param spools a new folder for its streams
   */
  static Execution start(Machine machine, Order order, Path spools) throws IOException {
    Files.createDirectories(spools);
    Spool out = new Spool(spools.resolve("out"));
    Spool err = new Spool(spools.resolve("err"));
    if (FileTool.PATH.equals(order.command().getFirst())) {
      return startTool(machine, order, out, err, new Spool(spools.resolve("in")));
    }
    Path discard = Path.of("/dev/null");
    Process process =
        machine.start(
            order.command(),
            order.environment(),
            order.folder(),
            order.terminal(),
            order.keepOut() ? out.file() : discard,
            order.errToOut() ? null : order.keepErr() ? err.file() : discard);
    Execution execution =
        new Execution(out, err, process.getOutputStream(), () -> Machine.kill(process));
    process.onExit().thenAccept(ended -> execution.end(Exit.of(ended.exitValue())));
    return execution;
  }

  private static Execution startTool(Machine machine, Order order, Spool out, Spool err, Spool in) {
    CompletableFuture<Thread> worker = new CompletableFuture<>();
    OutputStream input =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
          }

          @Override
          public void write(byte[] bytes, int from, int length) throws IOException {
            if (out.isEnded()) {
              throw new IOException("the tool has ended");
            }
            in.append(java.util.Arrays.copyOfRange(bytes, from, from + length));
          }

          @Override
          public void close() {
            in.end();
          }
        };
    Execution execution =
        new Execution(out, err, input, () -> worker.thenAccept(Thread::interrupt));
    Thread thread =
        Thread.ofVirtual()
            .name("file-tool")
            .unstarted(
                () -> {
                  int status;
                  try {
                    status = new FileTool(machine, in, out, err).run(order.command());
                  } catch (InterruptedException e) {
                    status = 128 + 9;
                  } catch (IOException | RuntimeException e) {
                    boolean killed = Thread.currentThread().isInterrupted();
                    status = killed ? 128 + 9 : 1;
                    execution.complain(e);
                  }
                  execution.end(Exit.of(status));
                });
    worker.complete(thread);
    thread.start();
    return execution;
  }

  private void complain(Exception e) {
    try {
      err.append(("the file tool failed: " + e + "\n").getBytes(UTF_8));
    } catch (IOException unwritable) {
      e.addSuppressed(unwritable);
      throw new IllegalStateException("Cannot say what failed", e);
    }
  }

  private void end(Exit how) {
    out.end();
    err.end();
    exit.complete(how);
  }

  Spool out() {
    return out;
  }

  Spool err() {
    return err;
  }

  Stdin stdin() {
    return stdin;
  }

  CompletableFuture<Exit> exit() {
    return exit;
  }

  boolean isRunning() {
    return !exit.isDone();
  }

  /** Ends it, if it runs. */
  void kill() {
    if (isRunning()) {
      kill.run();
    }
  }
}
