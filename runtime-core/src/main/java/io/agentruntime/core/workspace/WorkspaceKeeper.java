// SPDX-License-Identifier: MIT

package io.agentruntime.core.workspace;

import io.agentruntime.core.secret.MaskingInputStream;
import io.agentruntime.core.secret.SecretMask;
import io.agentruntime.core.store.SessionStorage;
import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.model.event.SessionEvent;
import io.agentruntime.model.workspace.Content;
import io.agentruntime.model.workspace.ContentHash;
import io.agentruntime.model.workspace.FileKind;
import io.agentruntime.model.workspace.WorkspaceFile;
import io.agentruntime.model.workspace.WorkspacePath;
import io.agentruntime.spi.sandbox.FileListing;
import io.agentruntime.spi.sandbox.FileStat;
import io.agentruntime.spi.sandbox.FileUpload;
import io.agentruntime.spi.sandbox.ListRequest;
import io.agentruntime.spi.sandbox.Sandbox;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a session's workspace: finds out what changed in a sandbox, stores it, and puts it into a
 * new sandbox. One thread at a time.
 *
 * <p>A scan that cannot read the sandbox throws and changes nothing: what is stored is never
 * replaced by less because a sandbox was gone.
 */
public final class WorkspaceKeeper {
  /** Beyond this many bytes, the files of one scan wait on disk. */
  private static final long SPOOLED_IN_MEMORY = 16L << 20;

  private final SessionStorage storage;
  private final WorkspaceLimits limits;
  private final SecretMask mask;
  private final Path spool;
  private final Map<WorkspacePath, WorkspaceFile> stored = new TreeMap<>();
  private final Map<WorkspacePath, String> tokens = new HashMap<>();
  private final Set<String> reported = new HashSet<>();
  private final Set<String> unkept = new HashSet<>();

  /**
   * A keeper of what is in a storage.
   *
   * @param storage the session's storage
   * @param limits what is kept
   * @param mask secrets that must not be stored
   * @param spool a folder for large files on their way
   */
  public WorkspaceKeeper(
      SessionStorage storage, WorkspaceLimits limits, SecretMask mask, Path spool)
      throws InterruptedException {
    this.storage = storage;
    this.limits = limits;
    this.mask = mask;
    this.spool = spool;
    storage.files().forEach(file -> stored.put(file.path(), file));
  }

  /** Puts everything that is stored into a fresh sandbox. */
  public void restore(Sandbox sandbox, List<String> setupPaths) throws InterruptedException {
    tokens.clear();
    unkept.clear();
    unkept.addAll(setupPaths);
    List<FileUpload> uploads = new ArrayList<>();
    for (WorkspaceFile file : stored.values()) {
      String path = sandbox.paths().workspace() + "/" + file.path();
      Content content = file.kind() == FileKind.REGULAR ? new StoredContent(storage, file) : null;
      uploads.add(new FileUpload(path, file.kind(), file.mode(), content, file.linkTarget()));
    }
    if (!uploads.isEmpty()) {
      sandbox.writeFiles(uploads);
    }
    for (FileStat stat : list(sandbox).files()) {
      WorkspacePath path = relative(sandbox, stat);
      WorkspaceFile file = path == null ? null : stored.get(path);
      if (path != null
          && file != null
          && file.kind() == stat.kind()
          && file.mode() == stat.mode()
          && (file.kind() != FileKind.REGULAR || file.size() == stat.size())) {
        tokens.put(path, stat.changeToken());
      }
    }
  }

  /** Takes over a sandbox that has its files already; the next scan compares all of them. */
  public void adopt(List<String> setupPaths) {
    tokens.clear();
    unkept.clear();
    unkept.addAll(setupPaths);
  }

  /** Finds out what changed since the last scan and stores it. */
  public List<SessionEvent> scan(Sandbox sandbox) throws IOException, InterruptedException {
    Scan scan = new Scan();
    FileListing listing = list(sandbox);
    Set<String> parents = new HashSet<>();
    listing.files().forEach(stat -> parents.add(parent(stat.path())));
    for (FileStat stat : listing.files()) {
      WorkspacePath path = relative(sandbox, stat);
      if (path != null && !(stat.kind() == FileKind.DIRECTORY && parents.contains(stat.path()))) {
        scan.found(path, stat);
      }
    }
    if (listing.truncated()) {
      scan.limit("maxFiles", null, "the workspace has more than " + limits.maxFiles() + " entries");
    }
    scan.read(sandbox);
    if (!listing.truncated()) {
      scan.removeMissing();
    }
    if (scan.changed) {
      storage.saveFiles(List.copyOf(scan.next.values()));
    }
    // Only what the store has taken counts as known: a failed scan is repeated as a whole.
    stored.clear();
    stored.putAll(scan.next);
    tokens.clear();
    tokens.putAll(scan.nextTokens);
    reported.addAll(scan.newlyReported);
    return scan.events;
  }

  private FileListing list(Sandbox sandbox) throws InterruptedException {
    return sandbox.list(
        new ListRequest(sandbox.paths().workspace(), limits.ignoredNames(), limits.maxFiles()));
  }

  private @Nullable WorkspacePath relative(Sandbox sandbox, FileStat stat) {
    String root = sandbox.paths().workspace() + "/";
    if (stat.kind() == FileKind.OTHER || !stat.path().startsWith(root)) {
      return null;
    }
    String relative = stat.path().substring(root.length());
    for (String path : unkept) {
      if (relative.equals(path) || relative.startsWith(path + "/")) {
        return null;
      }
    }
    try {
      return new WorkspacePath(relative);
    } catch (AgentRuntimeException e) {
      return null;
    }
  }

  private static String parent(String path) {
    return path.substring(0, Math.max(0, path.lastIndexOf('/')));
  }

  /** One pass over the workspace. */
  private final class Scan {
    final List<SessionEvent> events = new ArrayList<>();
    final Set<WorkspacePath> present = new HashSet<>();
    final Map<String, FileStat> toRead = new HashMap<>();
    final Map<String, WorkspacePath> paths = new HashMap<>();
    final Map<WorkspacePath, WorkspaceFile> next = new TreeMap<>(stored);
    final Map<WorkspacePath, String> nextTokens = new HashMap<>(tokens);
    final Set<String> newlyReported = new HashSet<>();
    boolean changed;
    long total;
    long spooledInMemory;

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
      if (stat.changeToken().equals(tokens.get(path))) {
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

    void read(Sandbox sandbox) throws IOException, InterruptedException {
      if (toRead.isEmpty()) {
        return;
      }
      Set<String> unread = new HashSet<>(toRead.keySet());
      List<Spooled> spooled = new ArrayList<>();
      try {
        sandbox.readFiles(
            List.copyOf(toRead.keySet()),
            (path, size, content) -> {
              unread.remove(path);
              int inMemory = spooledInMemory < SPOOLED_IN_MEMORY ? Spooled.IN_MEMORY : 0;
              Spooled file =
                  Spooled.of(path, MaskingInputStream.of(content, mask), spool, inMemory);
              spooledInMemory += file.head().length;
              spooled.add(file);
            });
        for (Spooled file : spooled) {
          store(file);
        }
      } finally {
        for (Spooled file : spooled) {
          file.delete();
        }
      }
      // Gone between listing and reading: the next scan will tell.
      unread.forEach(path -> present.remove(paths.get(path)));
    }

    private void store(Spooled file) throws IOException, InterruptedException {
      FileStat stat = toRead.get(file.path());
      WorkspacePath path = paths.get(file.path());
      if (stat == null || path == null) {
        return;
      }
      WorkspaceFile known = next.get(path);
      if (known == null || !file.hash().equals(known.hash())) {
        storage.put(file.hash(), file);
      }
      keep(
          new WorkspaceFile(path, FileKind.REGULAR, stat.mode(), file.size(), file.hash(), null),
          stat.changeToken());
    }

    private void keep(WorkspaceFile file, String token) {
      WorkspaceFile before = next.put(file.path(), file);
      nextTokens.put(file.path(), token);
      if (file.equals(before)) {
        return;
      }
      changed = true;
      events.add(
          before == null
              ? new SessionEvent.FileCreated(file)
              : new SessionEvent.FileModified(file));
    }

    void removeMissing() {
      for (WorkspacePath path : List.copyOf(next.keySet())) {
        if (!present.contains(path)) {
          next.remove(path);
          nextTokens.remove(path);
          changed = true;
          events.add(new SessionEvent.FileDeleted(path));
        }
      }
    }

    void limit(String name, @Nullable WorkspacePath path, String message) {
      if (path != null && stored.containsKey(path)) {
        // What was kept before it grew stays as it was.
        present.add(path);
      }
      if (reported.size() < 1_000
          && !reported.contains(name + " " + path)
          && newlyReported.add(name + " " + path)) {
        events.add(new SessionEvent.WorkspaceLimitReached(name, path, message));
      }
    }
  }

  /** A file on its way into the store: small ones in memory, large ones on disk. */
  private record Spooled(String path, long size, ContentHash hash, byte[] head, @Nullable Path rest)
      implements Content {
    private static final int IN_MEMORY = 256 << 10;

    static Spooled of(String path, InputStream in, Path folder, int inMemory) throws IOException {
      byte[] head = in.readNBytes(inMemory);
      MessageDigest digest = ContentHash.digest();
      digest.update(head);
      if (head.length < inMemory) {
        return new Spooled(path, head.length, ContentHash.of(digest), head, null);
      }
      Path file = Files.createTempFile(Files.createDirectories(folder), "sync", null);
      try (OutputStream out = new DigestOutputStream(Files.newOutputStream(file), digest)) {
        long size = head.length + in.transferTo(out);
        return new Spooled(path, size, ContentHash.of(digest), head, file);
      } catch (IOException e) {
        Files.deleteIfExists(file);
        throw e;
      }
    }

    void delete() throws IOException {
      if (rest != null) {
        Files.deleteIfExists(rest);
      }
    }

    @Override
    public InputStream open() throws IOException {
      InputStream first = Content.of(head).open();
      return rest == null
          ? first
          : new java.io.SequenceInputStream(first, Files.newInputStream(rest));
    }
  }

  private record StoredContent(SessionStorage storage, WorkspaceFile file) implements Content {
    @Override
    public long size() {
      return file.size();
    }

    @Override
    public InputStream open() throws IOException {
      try {
        return storage.open(file);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new java.io.InterruptedIOException("reading " + file.path());
      }
    }
  }
}
