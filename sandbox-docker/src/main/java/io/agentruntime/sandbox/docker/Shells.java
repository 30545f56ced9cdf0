// SPDX-License-Identifier: MIT

package io.agentruntime.sandbox.docker;

import io.agentruntime.sandbox.support.ExecChannel;
import io.agentruntime.sandbox.support.ExecCommand;
import io.agentruntime.sandbox.support.NulText;
import io.agentruntime.sandbox.support.Program;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Shells in a container that wait for commands, because the engine needs some fifty milliseconds to
 * start any program, and a shell that runs one. For short commands that may be repeated and need no
 * environment of their own. Thread-safe; a few shells are kept for a minute after their last use.
 */
final class Shells {
  private static final Duration IDLE = Duration.ofMinutes(1);
  private static final int MAX_IDLE = 2;
  private static final int MAX_OUTPUT = 64 * 1024;

  /**
   * Every line is a command, which prints a NUL, its exit code and a NUL at its end. The shell ends
   * with its standard input, as when its server dies.
   */
  private static final ExecCommand LOOP =
      ExecCommand.script(
          """
          n='
          '
          while IFS= read -r line; do eval "$line"; done
          """);

  private final Container container;
  private final ConcurrentLinkedDeque<Shell> idle = new ConcurrentLinkedDeque<>();
  private final AtomicInteger count = new AtomicInteger();

  Shells(Container container) {
    this.container = container;
  }

  /**
   * Runs a command to its end. It may be run twice, if the shell turns out to be gone.
   *
   * @param input its standard input
   * @return its exit code and output; errors are part of the output
   */
  ExecChannel.Output run(String attempt, List<String> command, byte[] input)
      throws InterruptedException {
    Shell kept = takeIdle();
    if (kept != null) {
      try {
        return use(kept, command, input);
      } catch (IOException e) {
        // Ended since its last use, or the engine did: a new one will tell.
        if (Thread.currentThread().isInterrupted()) {
          throw container.translate(attempt, e);
        }
      }
    }
    Program program = container.start(attempt, LOOP);
    return container.guarded(attempt, () -> use(new Shell(program), command, input));
  }

  /** Ends all shells that are not in use. */
  void endIdle() {
    for (Shell shell = takeIdle(); shell != null; shell = takeIdle()) {
      shell.program.close();
    }
  }

  private ExecChannel.Output use(Shell shell, List<String> command, byte[] input)
      throws IOException {
    boolean usable = false;
    try {
      ExecChannel.Output output = shell.run(command, input);
      usable = true;
      return output;
    } finally {
      if (usable) {
        keep(shell);
      } else {
        shell.program.close();
      }
    }
  }

  private @Nullable Shell takeIdle() {
    for (Shell shell = idle.pollFirst(); shell != null; shell = idle.pollFirst()) {
      count.decrementAndGet();
      Watchdog.Limit limit = shell.expiry;
      if (limit != null) {
        limit.close();
      }
      if (limit == null || !limit.expired()) {
        return shell;
      }
    }
    return null;
  }

  private void keep(Shell shell) throws IOException {
    if (count.incrementAndGet() > MAX_IDLE) {
      count.decrementAndGet();
      shell.program.close();
      return;
    }
    try {
      shell.expiry = container.engine().connections().closeLater(shell.program::close, IDLE);
    } catch (ClosedChannelException e) {
      // The provider was closed meanwhile, and the shell with it: there is nothing to keep.
      count.decrementAndGet();
      return;
    }
    idle.addFirst(shell);
  }

  /** One shell. Used by one thread at a time. */
  private static final class Shell {
    private final Program program;
    private Watchdog.@Nullable Limit expiry;

    Shell(Program program) {
      this.program = program;
    }

    ExecChannel.Output run(List<String> command, byte[] input) throws IOException {
      String quoted = command.stream().map(Shell::quote).collect(Collectors.joining(" "));
      // What the command does not read of its input must not become the next command.
      String line =
          "head -c %d | { %s 2>&1; r=$?; cat >/dev/null; exit $r; }; printf '\\0%%s\\0' $?\n"
              .formatted(input.length, quoted);
      ByteArrayOutputStream request = new ByteArrayOutputStream();
      request.writeBytes(line.getBytes(StandardCharsets.UTF_8));
      request.writeBytes(input);
      request.writeTo(program.stdin());
      byte[] output = untilNul();
      String code = new String(untilNul(), StandardCharsets.US_ASCII);
      try {
        return new ExecChannel.Output(
            Integer.parseInt(code), output, new String(output, StandardCharsets.UTF_8).strip());
      } catch (NumberFormatException e) {
        throw new IOException("a shell answered without an exit code", e);
      }
    }

    private byte[] untilNul() throws IOException {
      return NulText.read(program.stdout(), program, MAX_OUTPUT, "the output of a short command");
    }

    private static String quote(String argument) {
      return "'" + argument.replace("'", "'\\''").replace("\n", "'\"$n\"'") + "'";
    }
  }
}
