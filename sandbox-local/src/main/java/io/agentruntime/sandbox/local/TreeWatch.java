// SPDX-License-Identifier: MIT

package io.agentruntime.sandbox.local;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reports changes in a tree, new directories included. What is reported is a hint: of a tree with
 * more than {@value #MAX_DIRECTORIES} directories the rest is not watched. Thread-safe.
 */
final class TreeWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TreeWatch.class);
  private static final int MAX_DIRECTORIES = 2_000;

  private final FolderEvents events;
  private final Consumer<String> onChange;
  private final Map<Path, Runnable> watched = new HashMap<>();
  private boolean closed;

  TreeWatch(FolderEvents events, Path root, Consumer<String> onChange) {
    this.events = events;
    this.onChange = onChange;
    watchTree(root);
  }

  /** Watches a directory and those below it. */
  private void watchTree(Path root) {
    Deque<Path> waiting = new ArrayDeque<>(List.of(root));
    while (!waiting.isEmpty()) {
      Path directory = waiting.removeFirst();
      if (!watch(directory)) {
        return;
      }
      try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
        for (Path entry : entries) {
          if (Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
            waiting.add(entry);
          }
        }
      } catch (IOException | DirectoryIteratorException e) {
        LOG.debug("{} vanished while it was looked at", directory);
      }
    }
  }

  private synchronized boolean watch(Path directory) {
    if (closed || watched.containsKey(directory)) {
      return !closed;
    }
    if (watched.size() == MAX_DIRECTORIES) {
      LOG.debug("not watching {} and what else there is", directory);
      return false;
    }
    try {
      watched.put(directory, events.listen(directory, entry -> changed(directory, entry)));
      return true;
    } catch (IOException e) {
      LOG.debug("cannot watch {}: {}", directory, e.toString());
      return true;
    }
  }

  private void changed(Path directory, @Nullable Path entry) {
    Path path = entry == null ? directory : directory.resolve(entry);
    onChange.accept(path.toString());
    if (!Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
      forget(path);
    } else if (!isWatched(path)) {
      // Elsewhere, as a large tree takes its time and others wait for their events.
      Thread.ofVirtual().name("sandbox-local-watch").start(() -> watchNew(path));
    }
  }

  private void watchNew(Path directory) {
    watchTree(directory);
    onChange.accept(directory.toString()); // for what was made in it before it was watched
  }

  private synchronized boolean isWatched(Path directory) {
    return watched.containsKey(directory);
  }

  private void forget(Path path) {
    Runnable end;
    synchronized (this) {
      end = watched.remove(path);
    }
    if (end != null) {
      end.run();
    }
  }

  @Override
  public void close() {
    List<Runnable> ends;
    synchronized (this) {
      closed = true;
      ends = List.copyOf(watched.values());
      watched.clear();
    }
    ends.forEach(Runnable::run);
  }
}
