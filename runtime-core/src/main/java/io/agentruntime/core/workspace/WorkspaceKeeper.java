// SPDX-License-Identifier: MIT

package io.agentruntime.core.workspace;

import io.agentruntime.core.secret.SecretMask;
import io.agentruntime.core.store.SessionStorage;
import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.model.event.SessionEvent;
import io.agentruntime.model.workspace.Content;
import io.agentruntime.model.workspace.FileKind;
import io.agentruntime.model.workspace.WorkspaceFile;
import io.agentruntime.model.workspace.WorkspacePath;
import io.agentruntime.spi.sandbox.FileListing;
import io.agentruntime.spi.sandbox.FileStat;
import io.agentruntime.spi.sandbox.FileUpload;
import io.agentruntime.spi.sandbox.ListRequest;
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
 * Keeps a session's workspace: finds out what changed in a sandbox, stores it, and puts it into a
 * new sandbox. One thread at a time.
 *
 * <p>A scan that cannot read the sandbox throws and changes nothing: what is stored is never
 * replaced by less because a sandbox was gone.
 */
public final class WorkspaceKeeper {
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
    WorkspaceScan scan =
        new WorkspaceScan(
            storage, limits, mask, spool, new WorkspaceScan.Known(stored, tokens, reported));
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
    if (scan.hasChanged()) {
      storage.saveFiles(List.copyOf(scan.files().values()));
    }
    // Only what the store has taken counts as known: a failed scan is repeated as a whole.
    stored.clear();
    stored.putAll(scan.files());
    tokens.clear();
    tokens.putAll(scan.tokens());
    reported.addAll(scan.newlyReported());
    return scan.events();
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
}
