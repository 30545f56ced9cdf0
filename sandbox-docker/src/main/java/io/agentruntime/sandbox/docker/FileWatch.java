// SPDX-License-Identifier: MIT

package io.agentruntime.sandbox.docker;

import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reports changes in a tree of a container, as one {@code inotifywait} there sees them.
 * Thread-safe; one virtual thread, ended by {@link #close()}.
 */
final class FileWatch implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(FileWatch.class);
  private static final String READY = "Watches established.";

  /** $1: the root. Ends with its standard input, as nothing else tells it that nobody listens. */
  private static final String SCRIPT =
      """
      command -v inotifywait >/dev/null || { echo 'no inotifywait in this image'; exit 1; }
      inotifywait -m -r -e create,close_write,delete,move,attrib --format '%w%f' -- "$1" 2>&1 &
      cat >/dev/null
      kill $!
      """;

  private final Container.Running running;
  private volatile boolean closed;

  private FileWatch(Container.Running running) {
    this.running = running;
  }

  /** Begins; returns when changes are seen. */
  static FileWatch start(Container container, String root, Consumer<String> onChange)
      throws InterruptedException {
    String attempt = "watch " + root;
    String folder = Layout.normalize(root);
    Container.Running running = container.start(attempt, ExecCommand.script(SCRIPT, folder));
    FileWatch watch = new FileWatch(running);
    boolean ready = false;
    try {
      BufferedReader lines =
          new BufferedReader(
              new InputStreamReader(running.streams().stdout(), StandardCharsets.UTF_8));
      container.guarded(attempt, () -> awaitReady(lines));
      running.streams().neverTimeOut();
      Thread.ofVirtual().name("docker-watch").start(() -> watch.report(lines, folder, onChange));
      ready = true;
      return watch;
    } finally {
      if (!ready) {
        watch.close();
      }
    }
  }

  @Override
  public void close() {
    closed = true;
    running.close();
  }

  private static Void awaitReady(BufferedReader lines) throws IOException {
    String last = "";
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      if (line.startsWith(READY)) {
        return null;
      }
      last = line;
    }
    throw new AgentRuntimeException(StandardError.SANDBOX_FAILED, "inotifywait ended: " + last);
  }

  private void report(BufferedReader lines, String root, Consumer<String> onChange) {
    try {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        onChange.accept(line.startsWith("/") ? line : root);
      }
    } catch (IOException e) {
      if (!closed) {
        log.debug("The watch of {} was cut off", root, e);
      }
    } finally {
      running.close();
    }
  }
}
