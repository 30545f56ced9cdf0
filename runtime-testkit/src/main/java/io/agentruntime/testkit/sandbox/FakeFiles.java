// SPDX-License-Identifier: MIT

package io.agentruntime.testkit.sandbox;

import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.model.workspace.FileKind;
import io.agentruntime.spi.sandbox.FileListing;
import io.agentruntime.spi.sandbox.FileStat;
import io.agentruntime.spi.sandbox.FileUpload;
import io.agentruntime.spi.sandbox.ListRequest;
import io.agentruntime.spi.sandbox.SandboxPaths;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A file tree in memory, keyed by path. Thread-safe. */
final class FakeFiles {
  private static final byte[] NOTHING = {};

  private final List<String> roots;
  private final NavigableMap<String, Entry> entries = new TreeMap<>();
  private final Map<Consumer<String>, String> watches = new HashMap<>();
  private long changes;

  /** An entry; a new one comes with every change. */
  private record Entry(
      FileKind kind, int mode, byte[] bytes, @Nullable String linkTarget, long change) {}

  FakeFiles(SandboxPaths paths) {
    roots = List.of(paths.workspace(), paths.home(), paths.scratch());
    for (String root : roots) {
      put(root, FileKind.DIRECTORY, 0755, NOTHING, null);
    }
  }

  void write(FileUpload file) {
    byte[] bytes = NOTHING;
    try {
      if (file.content() != null) {
        bytes = file.content().readAll();
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read the content for " + file.path(), e);
    }
    String path = normal(file.path());
    synchronized (this) {
      requireReachable(path);
      Entry old = entries.get(path);
      if (old == null || old.kind != FileKind.DIRECTORY || file.kind() != FileKind.DIRECTORY) {
        remove(path);
      }
      makeParents(path);
      put(path, file.kind(), file.mode(), bytes, file.linkTarget());
    }
    notifyOf(path);
  }

  synchronized Optional<byte[]> read(String asked) {
    String path = normal(asked);
    Entry entry = isReachable(path) ? entries.get(path) : null;
    return entry == null || entry.kind != FileKind.REGULAR
        ? Optional.empty()
        : Optional.of(entry.bytes.clone());
  }

  void delete(String asked) {
    String path = normal(asked);
    synchronized (this) {
      requireReachable(path);
      remove(path);
    }
    notifyOf(path);
  }

  synchronized FileListing list(ListRequest request) {
    String root = normal(request.root());
    List<FileStat> found = new ArrayList<>();
    if (!isReachable(root)) {
      return new FileListing(found, false);
    }
    for (Map.Entry<String, Entry> each : entries.tailMap(root + "/").entrySet()) {
      String path = each.getKey();
      if (!path.startsWith(root + "/")) {
        break;
      }
      String below = path.substring(root.length() + 1);
      if (List.of(below.split("/")).stream().anyMatch(request.ignoredNames()::contains)) {
        continue;
      }
      if (found.size() == request.maxEntries()) {
        return new FileListing(found, true);
      }
      Entry entry = each.getValue();
      found.add(
          new FileStat(
              path,
              entry.kind,
              entry.bytes.length,
              entry.mode,
              Long.toString(entry.change),
              entry.linkTarget));
    }
    return new FileListing(found, false);
  }

  synchronized AutoCloseable watch(String root, Consumer<String> onChange) {
    // A consumer of its own, as the same one may watch twice.
    Consumer<String> watch = onChange::accept;
    watches.put(watch, normal(root));
    return () -> {
      synchronized (this) {
        watches.remove(watch);
      }
    };
  }

  private void notifyOf(String path) {
    List<Consumer<String>> concerned = new ArrayList<>();
    synchronized (this) {
      watches.forEach(
          (consumer, root) -> {
            if (path.equals(root) || path.startsWith(root + "/")) {
              concerned.add(consumer);
            }
          });
    }
    concerned.forEach(consumer -> consumer.accept(path));
  }

  private void remove(String path) {
    entries.remove(path);
    entries.subMap(path + "/", path + "0").clear(); // '0' follows '/'
  }

  private void makeParents(String path) {
    String parent = path.substring(0, path.lastIndexOf('/'));
    if (!parent.isEmpty() && !entries.containsKey(parent)) {
      makeParents(parent);
      put(parent, FileKind.DIRECTORY, 0755, NOTHING, null);
    }
  }

  private void put(
      String path, FileKind kind, int mode, byte[] bytes, @Nullable String linkTarget) {
    entries.put(path, new Entry(kind, mode, bytes, linkTarget, ++changes));
  }

  private void requireReachable(String path) {
    if (!isReachable(path)) {
      throw AgentRuntimeException.invalid(
          "path", "a path in the sandbox, not through a link or a file, unlike " + path);
    }
  }

  /** In one of the roots, and every parent a directory or not there. */
  private boolean isReachable(String path) {
    if (roots.stream().noneMatch(root -> path.equals(root) || path.startsWith(root + "/"))) {
      return false;
    }
    for (int at = path.indexOf('/', 1); at > 0; at = path.indexOf('/', at + 1)) {
      Entry parent = entries.get(path.substring(0, at));
      if (parent != null && parent.kind != FileKind.DIRECTORY) {
        return false;
      }
    }
    return true;
  }

  private static String normal(String path) {
    return Path.of(path).normalize().toString();
  }
}
