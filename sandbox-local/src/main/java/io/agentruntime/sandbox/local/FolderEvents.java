// SPDX-License-Identifier: MIT

package io.agentruntime.sandbox.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells of changes in folders, for all of the provider: hosts allow few watchers per user, but many
 * folders per watcher. One thread calls the listeners, which must return at once. Thread-safe.
 */
final class FolderEvents implements AutoCloseable {
  /** What happened in a folder. */
  interface Listener {
    /**
     * Something changed.
     *
     * @param entry which entry, null when that is not known
     */
    void changed(@Nullable Path entry);
  }

  private static final Logger LOG = LoggerFactory.getLogger(FolderEvents.class);

  private final @Nullable WatchService service;
  private final Thread thread;
  private final Map<WatchKey, Set<Listener>> listeners = new HashMap<>();
  private boolean closed;

  /** Where the host has no watcher left for this user, every folder is refused and polled. */
  FolderEvents() {
    this(watchService());
  }

  /** With these events, or without any. */
  FolderEvents(@Nullable WatchService service) {
    this.service = service;
    this.thread = Thread.ofPlatform().daemon().name("sandbox-local-events").unstarted(this::serve);
    thread.start();
  }

  private static @Nullable WatchService watchService() {
    try {
      return FileSystems.getDefault().newWatchService();
    } catch (IOException e) {
      LOG.warn(
          "The local sandbox polls, since this host gives it no events of files ({}); on Linux,"
              + " fs.inotify.max_user_instances may be too low",
          e.getMessage());
      return null;
    }
  }

  /** Whether there are events at all. */
  boolean areGiven() {
    return service != null;
  }

  /**
   * Listens to the entries of a folder.
   *
   * @return ends it
   * @throws IOException when the host refuses, as at its limit of watched folders
   */
  synchronized Runnable listen(Path folder, Listener listener) throws IOException {
    if (closed) {
      throw new IOException("the sandbox provider is closed");
    }
    if (service == null) {
      throw new IOException("this host gives no events of files");
    }
    WatchKey key =
        folder.register(
            service,
            StandardWatchEventKinds.ENTRY_CREATE,
            StandardWatchEventKinds.ENTRY_MODIFY,
            StandardWatchEventKinds.ENTRY_DELETE);
    listeners.computeIfAbsent(key, added -> new LinkedHashSet<>()).add(listener);
    return () -> remove(key, listener);
  }

  private synchronized void remove(WatchKey key, Listener listener) {
    Set<Listener> ofKey = listeners.get(key);
    if (ofKey != null && ofKey.remove(listener) && ofKey.isEmpty()) {
      listeners.remove(key);
      key.cancel();
    }
  }

  private void serve() {
    WatchService given = service;
    if (given == null) {
      return;
    }
    try {
      while (true) {
        WatchKey key = given.take();
        List<WatchEvent<?>> events = key.pollEvents();
        for (Listener listener : listenersOf(key)) {
          events.forEach(event -> listener.changed((Path) event.context()));
        }
        key.reset();
      }
    } catch (InterruptedException | ClosedWatchServiceException e) {
      tellAll();
    }
  }

  private synchronized List<Listener> listenersOf(WatchKey key) {
    return List.copyOf(listeners.getOrDefault(key, Set.of()));
  }

  /** Those who wait look around once more, and find that all is closed. */
  private void tellAll() {
    List<Listener> all;
    synchronized (this) {
      closed = true;
      all = listeners.values().stream().flatMap(Set::stream).toList();
      listeners.clear();
    }
    all.forEach(listener -> listener.changed(null));
  }

  synchronized boolean isClosed() {
    return closed;
  }

  @Override
  public void close() {
    synchronized (this) {
      closed = true;
    }
    try {
      if (service != null) {
        service.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot close the watch of folders", e);
    }
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
