// SPDX-License-Identifier: MIT

package io.agentruntime.core.workspace;

import io.agentruntime.core.secret.MaskingInputStream;
import io.agentruntime.core.secret.SecretMask;
import io.agentruntime.core.store.SessionStorage;
import io.agentruntime.model.event.SessionEvent;
import io.agentruntime.model.workspace.FileKind;
import io.agentruntime.model.workspace.WorkspaceFile;
import io.agentruntime.model.workspace.WorkspacePath;
import io.agentruntime.spi.sandbox.FileStat;
import io.agentruntime.spi.sandbox.Sandbox;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One pass over a workspace: compares what lies in a sandbox with what is known, stores the content
 * that is new, and says what changed. Changes nothing of what is known; used once, by one thread.
 */
final class WorkspaceScan {
  /** Beyond this many bytes, the files of one scan wait on disk. */
  private static final long SPOOLED_IN_MEMORY = 16L << 20;

  /** Of how many limits and files somebody is told while a session is in memory. */
  private static final int MAX_REPORTED = 1_000;

  private final SessionStorage storage;
  private final WorkspaceLimits limits;
  private final SecretMask mask;
  private final Path spool;
  private final Known known;
  private final List<SessionEvent> events = new ArrayList<>();
  private final Set<WorkspacePath> present = new HashSet<>();
  private final Map<String, FileStat> toRead = new HashMap<>();
  private final Map<String, WorkspacePath> paths = new HashMap<>();
  private final Map<WorkspacePath, WorkspaceFile> files;
  private final Map<WorkspacePath, String> tokens;
  private final Set<String> newlyReported = new HashSet<>();
  private boolean changed;
  private long total;
  private long spooledInMemory;

  /**
   * What was known before.
   *
   * @param files what is stored
   * @param tokens of the files in the sandbox that are as they are stored
   * @param reported the limits of which somebody was told
   */
  record Known(
      Map<WorkspacePath, WorkspaceFile> files,
      Map<WorkspacePath, String> tokens,
      Set<String> reported) {}

  /**
   * A pass that has not begun.
   *
   * @param storage takes new content
   * @param limits what is kept
   * @param mask secrets that must not be stored
   * @param spool a folder for large files on their way
   * @param known what was known before; not changed
   */
  WorkspaceScan(
      SessionStorage storage, WorkspaceLimits limits, SecretMask mask, Path spool, Known known) {
    this.storage = storage;
    this.limits = limits;
    this.mask = mask;
    this.spool = spool;
    this.known = known;
    this.files = new TreeMap<>(known.files());
    this.tokens = new HashMap<>(known.tokens());
  }

  /** What changed, in the order in which it was found. */
  List<SessionEvent> events() {
    return events;
  }

  /** The files that are stored once this scan counts. */
  Map<WorkspacePath, WorkspaceFile> files() {
    return files;
  }

  /** The tokens of the files in the sandbox that are as they are stored. */
  Map<WorkspacePath, String> tokens() {
    return tokens;
  }

  /** The limits of which somebody is told with this scan. */
  Set<String> newlyReported() {
    return newlyReported;
  }

  /** Whether the list of files changed. */
  boolean hasChanged() {
    return changed;
  }

  /** Takes note of something in the workspace; its content is {@linkplain #read read} later. */
  void found(WorkspacePath path, FileStat stat) {
    if (stat.kind() == FileKind.REGULAR) {
      if (stat.size() > limits.maxFileBytes()) {
        limit(
            "maxFileBytes",
            path,
            path
                + " has "
                + stat.size()
                + " bytes; at most "
                + limits.maxFileBytes()
                + " are kept");
        return;
      }
      total += stat.size();
      if (total > limits.maxTotalBytes()) {
        limit(
            "maxTotalBytes",
            path,
            "the workspace has more than "
                + limits.maxTotalBytes()
                + " bytes; "
                + path
                + " is not kept");
        return;
      }
    }
    present.add(path);
    if (stat.changeToken().equals(known.tokens().get(path))) {
      return;
    }
    if (stat.kind() == FileKind.REGULAR) {
      toRead.put(stat.path(), stat);
      paths.put(stat.path(), path);
    } else {
      keep(
          new WorkspaceFile(path, stat.kind(), stat.mode(), 0, null, stat.linkTarget()),
          stat.changeToken());
    }
  }

  /** Reads and stores what is new or may have changed. */
  void read(Sandbox sandbox) throws IOException, InterruptedException {
    if (toRead.isEmpty()) {
      return;
    }
    Set<String> unread = new HashSet<>(toRead.keySet());
    List<SpooledFile> spooled = new ArrayList<>();
    try {
      sandbox.readFiles(
          List.copyOf(toRead.keySet()),
          (path, size, content) -> {
            unread.remove(path);
            int inMemory = spooledInMemory < SPOOLED_IN_MEMORY ? SpooledFile.IN_MEMORY : 0;
            SpooledFile file =
                SpooledFile.of(path, MaskingInputStream.of(content, mask), spool, inMemory);
            spooledInMemory += file.head().length;
            spooled.add(file);
          });
      for (SpooledFile file : spooled) {
        store(file);
      }
    } finally {
      for (SpooledFile file : spooled) {
        file.delete();
      }
    }
    // Gone between listing and reading: the next scan will tell.
    unread.forEach(path -> present.remove(paths.get(path)));
  }

  private void store(SpooledFile file) throws IOException, InterruptedException {
    FileStat stat = toRead.get(file.path());
    WorkspacePath path = paths.get(file.path());
    if (stat == null || path == null) {
      return;
    }
    WorkspaceFile before = files.get(path);
    if (before == null || !file.hash().equals(before.hash())) {
      storage.put(file.hash(), file);
    }
    keep(
        new WorkspaceFile(path, FileKind.REGULAR, stat.mode(), file.size(), file.hash(), null),
        stat.changeToken());
  }

  private void keep(WorkspaceFile file, String token) {
    WorkspaceFile before = files.put(file.path(), file);
    tokens.put(file.path(), token);
    if (file.equals(before)) {
      return;
    }
    changed = true;
    events.add(
        before == null ? new SessionEvent.FileCreated(file) : new SessionEvent.FileModified(file));
  }

  /** Takes everything that was not found as deleted. */
  void removeMissing() {
    for (WorkspacePath path : List.copyOf(files.keySet())) {
      if (!present.contains(path)) {
        files.remove(path);
        tokens.remove(path);
        changed = true;
        events.add(new SessionEvent.FileDeleted(path));
      }
    }
  }

  /** Tells, once, that something is not kept. */
  void limit(String name, @Nullable WorkspacePath path, String message) {
    if (path != null && known.files().containsKey(path)) {
      // What was kept before it grew stays as it was.
      present.add(path);
    }
    if (known.reported().size() + newlyReported.size() < MAX_REPORTED
        && !known.reported().contains(name + " " + path)
        && newlyReported.add(name + " " + path)) {
      events.add(new SessionEvent.WorkspaceLimitReached(name, path, message));
    }
  }
}
