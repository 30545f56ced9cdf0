// SPDX-License-Identifier: MIT

package io.agentruntime.sandbox.support;

import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reports changes in a tree of a sandbox, as a program there sees them: {@code inotifywait}, or a
 * look every second where that is missing and may be replaced. Thread-safe; one virtual thread,
 * ended by {@link #close()}.
 */
public final class FileWatch implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(FileWatch.class);
  private static final String READY = "Watches established.";

  /** What a server leaves behind when it dies ends after this. */
  private static final Duration LONGEST_PROGRAM = Duration.ofHours(1);

  private static final String POLL = "poll";

  /** $1: the root, $2: whether looking may replace inotify. Ends with its standard input. */
  private static final String SCRIPT =
      """
      if command -v inotifywait >/dev/null; then
        inotifywait -m -r -e create,close_write,delete,move,attrib --format '%w%f' -- "$1" 2>&1 &
      elif [ "$2" = poll ]; then
        look() { find "$1" -printf '%p %s %T@ %C@ %i\\n' 2>/dev/null | cksum; }
        before=$(look "$1")
        echo 'Watches established.'
        while sleep 1; do
          now=$(look "$1")
          [ "$now" = "$before" ] || { before=$now; echo "$1"; }
        done &
      else
        echo 'no inotifywait in this image'
        exit 1
      fi
      cat >/dev/null
      kill $!
      """;

  private final ExecChannel channel;
  private final String root;
  private final boolean mayPoll;
  private final Consumer<String> onChange;
  private volatile @Nullable Program running;
  private volatile boolean closed;

  private FileWatch(ExecChannel channel, String root, boolean mayPoll, Consumer<String> onChange) {
    this.channel = channel;
    this.root = root;
    this.mayPoll = mayPoll;
    this.onChange = onChange;
  }

  /**
   * Begins; returns when changes are seen.
   *
   * @param mayPoll whether looking every second will do where the sandbox lacks {@code inotifywait}
   * @param onChange gets the path of what changed, or the root; called by one thread at a time
   * @throws AgentRuntimeException {@code SANDBOX_FAILED} when nothing there can watch
   */
  public static FileWatch start(
      ExecChannel channel, String root, boolean mayPoll, Consumer<String> onChange)
      throws InterruptedException {
    FileWatch watch = new FileWatch(channel, Layout.normalize(root), mayPoll, onChange);
    BufferedReader lines = watch.begin();
    Thread.ofVirtual().name("sandbox-watch").start(() -> watch.report(lines));
    return watch;
  }

  @Override
  public void close() {
    closed = true;
    Program present = running;
    if (present != null) {
      present.close();
    }
  }

  private BufferedReader begin() throws InterruptedException {
    String attempt = "watch " + root;
    ExecCommand command = ExecCommand.script(SCRIPT, root, mayPoll ? POLL : "");
    Program started = channel.start(attempt, command.endedAfter(LONGEST_PROGRAM));
    boolean ready = false;
    try {
      BufferedReader lines =
          new BufferedReader(new InputStreamReader(started.stdout(), StandardCharsets.UTF_8));
      channel.guarded(attempt, () -> awaitReady(lines));
      started.neverTimeOut();
      running = started;
      ready = !closed;
      return lines;
    } finally {
      if (!ready) {
        started.close();
      }
    }
  }

  private static boolean awaitReady(BufferedReader lines) throws IOException {
    String last = "";
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      if (line.startsWith(READY)) {
        return true;
      }
      last = line;
    }
    throw new AgentRuntimeException(StandardError.SANDBOX_FAILED, "the watch ended: " + last);
  }

  /** A program that was ended may be followed by another one, as long as there is a sandbox. */
  private void report(BufferedReader first) {
    BufferedReader lines = first;
    int inVain = 0;
    try {
      while (!closed) {
        try {
          for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            inVain = 0;
            onChange.accept(line.startsWith("/") ? line : root);
          }
        } catch (IOException e) {
          log.debug("The watch of {} was cut off", root, e);
        }
        if (closed || ++inVain > channel.resumptions() || !channel.isAlive()) {
          return;
        }
        lines = begin();
        onChange.accept(root); // nobody looked for a moment
      }
    } catch (AgentRuntimeException e) {
      log.debug("The watch of {} has ended", root, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      close();
    }
  }
}
