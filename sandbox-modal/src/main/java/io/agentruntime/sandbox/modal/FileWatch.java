// SPDX-License-Identifier: MIT

package io.agentruntime.sandbox.modal;

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
 * look every second where the image lacks that. Thread-safe; one virtual thread, ended by {@link
 * #close()}.
 */
final class FileWatch implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(FileWatch.class);
  private static final String READY = "Watches established.";
  private static final int MAX_IN_VAIN = 3;

  /** What a server leaves behind when it dies ends after this. */
  private static final Duration LONGEST_PROGRAM = Duration.ofHours(1);

  /** $1: the root. Ends with its standard input, as nothing else tells it that nobody listens. */
  private static final String SCRIPT =
      """
      if command -v inotifywait >/dev/null; then
        inotifywait -m -r -e create,close_write,delete,move,attrib --format '%w%f' -- "$1" 2>&1 &
      else
        look() { find "$1" -printf '%p %s %T@ %C@ %i\\n' 2>/dev/null | cksum; }
        before=$(look "$1")
        echo 'Watches established.'
        while sleep 1; do
          now=$(look "$1")
          [ "$now" = "$before" ] || { before=$now; echo "$1"; }
        done &
      fi
      cat >/dev/null
      kill $!
      """;

  private final Machine machine;
  private final String root;
  private final Consumer<String> onChange;
  private volatile @Nullable Exec running;
  private volatile boolean closed;

  private FileWatch(Machine machine, String root, Consumer<String> onChange) {
    this.machine = machine;
    this.root = root;
    this.onChange = onChange;
  }

  /** Begins; returns when changes are seen. */
  static FileWatch start(Machine machine, String root, Consumer<String> onChange)
      throws InterruptedException {
    FileWatch watch = new FileWatch(machine, Layout.normalize(root), onChange);
    BufferedReader lines = watch.begin();
    Thread.ofVirtual().name("modal-watch").start(() -> watch.report(lines));
    return watch;
  }

  @Override
  public void close() {
    closed = true;
    Exec present = running;
    if (present != null) {
      present.close();
    }
  }

  private BufferedReader begin() throws InterruptedException {
    String attempt = "watch " + root;
    Exec started =
        machine.start(attempt, ExecCommand.script(SCRIPT, root).endedAfter(LONGEST_PROGRAM));
    boolean ready = false;
    try {
      BufferedReader lines =
          new BufferedReader(new InputStreamReader(started.stdout(), StandardCharsets.UTF_8));
      machine.guarded(attempt, () -> awaitReady(lines));
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

  /** A program that ends is followed by another one, as long as there is a sandbox. */
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
        if (closed || ++inVain > MAX_IN_VAIN || !machine.isAlive()) {
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
