// SPDX-License-Identifier: MIT

package io.agentruntime.sandbox.local;

import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.model.workspace.FileKind;
import io.agentruntime.spi.sandbox.FileUpload;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Writes, reads and removes single files of a sandbox while its programs may change the tree.
 *
 * <p>Every directory on the way is opened relative to the one before it and without following
 * links, so that a program cannot lead an operation elsewhere by putting a link into its way. New
 * entries are made in a staging folder, out of the programs' reach, and moved into place at once;
 * old ones leave the same way. Thread-safe.
 */
final class FileTree {
  private static final Set<OpenOption> READ =
      Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);

  private final SandboxFolder folder;
  private final AtomicLong staged = new AtomicLong(System.nanoTime());

  FileTree(SandboxFolder folder) {
    this.folder = folder;
  }

  /** Creates or replaces an entry. */
  void write(FileUpload file) throws IOException, InterruptedException {
    Path path = reachable(file.path());
    Path draft = newDraft();
    Path trash = draft;
    try (SecureDirectoryStream<Path> parent = openParent(path, true);
        SecureDirectoryStream<Path> staging = open(folder.staging())) {
      Path name = path.getFileName();
      boolean wasDirectory = attributes(parent, name).filter(a -> a.isDirectory()).isPresent();
      if (wasDirectory && file.kind() == FileKind.DIRECTORY) {
        setMode(parent, name, file.mode());
        return;
      }
      make(file, draft);
      if (wasDirectory || file.kind() == FileKind.DIRECTORY) {
        trash = discard(parent, name, staging);
      }
      staging.move(draft.getFileName(), parent, name);
    } finally {
      FolderRemoval.remove(draft);
      FolderRemoval.remove(trash);
    }
  }

  /** Opens a regular file; empty when there is none. */
  Optional<SeekableByteChannel> open(String asked) throws IOException {
    Path path = visible(asked);
    if (path == null) {
      return Optional.empty();
    }
    try (SecureDirectoryStream<Path> parent = openParent(path, false)) {
      Path name = path.getFileName();
      // Looked at first, as opening a FIFO would wait for its other end.
      if (attributes(parent, name).filter(BasicFileAttributes::isRegularFile).isEmpty()) {
        return Optional.empty();
      }
      return Optional.of(parent.newByteChannel(name, READ));
    } catch (Unreachable | NoSuchFileException e) {
      return Optional.empty();
    }
  }

  /** A stream of such a channel, which closes it. */
  static InputStream stream(SeekableByteChannel channel) {
    return Channels.newInputStream(channel);
  }

  /** Removes an entry with all below it. */
  void delete(String asked) throws IOException, InterruptedException {
    Path path = reachable(asked);
    Path trash;
    try (SecureDirectoryStream<Path> parent = openParent(path, false);
        SecureDirectoryStream<Path> staging = open(folder.staging())) {
      trash = discard(parent, path.getFileName(), staging);
    } catch (NoSuchFileException e) {
      return;
    }
    FolderRemoval.remove(trash);
  }

  /** A directory that can be listed; empty when it is none, or is behind a link. */
  Optional<Path> directory(String asked) throws IOException {
    Path path = visible(asked);
    if (path == null) {
      return Optional.empty();
    }
    try (SecureDirectoryStream<Path> parent = openParent(path.resolve("any"), false)) {
      return Optional.of(path);
    } catch (Unreachable | NoSuchFileException e) {
      return Optional.empty();
    }
  }

  // --- the way to an entry ---

  /** Not a directory on the way, but a file or a link. */
  static final class Unreachable extends IOException {
    private static final long serialVersionUID = 1L;

    Unreachable(Path path, IOException cause) {
      super(path + " is not a directory", cause);
    }
  }

  private SecureDirectoryStream<Path> openParent(Path path, boolean create)
      throws IOException, Unreachable {
    SecureDirectoryStream<Path> directory = open(folder.path());
    boolean done = false;
    try {
      Path parent = folder.path().relativize(path.getParent());
      for (Path name : parent) {
        SecureDirectoryStream<Path> child = enter(directory, name, create);
        directory.close();
        directory = child;
      }
      done = true;
      return directory;
    } finally {
      if (!done) {
        directory.close();
      }
    }
  }

  private SecureDirectoryStream<Path> enter(
      SecureDirectoryStream<Path> directory, Path name, boolean create) throws IOException {
    if (create && attributes(directory, name).isEmpty()) {
      Path draft = Files.createDirectory(newDraft());
      try (SecureDirectoryStream<Path> staging = open(folder.staging())) {
        staging.move(draft.getFileName(), directory, name);
      }
    }
    try {
      return directory.newDirectoryStream(name, LinkOption.NOFOLLOW_LINKS);
    } catch (NoSuchFileException e) {
      throw e;
    } catch (IOException e) {
      throw new Unreachable(name, e);
    }
  }

  private static SecureDirectoryStream<Path> open(Path trusted) throws IOException {
    DirectoryStream<Path> stream = Files.newDirectoryStream(trusted);
    if (stream instanceof SecureDirectoryStream<Path> secure) {
      return secure;
    }
    stream.close();
    throw new IOException("The file system of " + trusted + " cannot open files by directory");
  }

  private static Optional<BasicFileAttributes> attributes(
      SecureDirectoryStream<Path> parent, Path name) throws IOException {
    try {
      return Optional.of(
          parent
              .getFileAttributeView(name, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
              .readAttributes());
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  private Path reachable(String asked) {
    Path path = visible(asked);
    if (path == null || folder.visibleParts().contains(path)) {
      throw AgentRuntimeException.invalid(
          "path", "a path below workspace, home or scratch, not " + asked);
    }
    return path;
  }

  private @Nullable Path visible(String asked) {
    Path path = Path.of(asked).normalize();
    return folder.visibleParts().stream().anyMatch(path::startsWith) ? path : null;
  }

  // --- the entry itself ---

  private Path newDraft() {
    return folder.staging().resolve(Long.toString(staged.incrementAndGet(), 36));
  }

  private static void make(FileUpload file, Path draft) throws IOException {
    switch (file.kind()) {
      case REGULAR -> {
        if (file.content() == null) {
          throw new IllegalArgumentException("a regular file has a content");
        }
        try (InputStream in = file.content().open()) {
          Files.copy(in, draft);
        }
        Files.setPosixFilePermissions(draft, permissions(file.mode()));
      }
      case SYMLINK -> {
        if (file.linkTarget() == null) {
          throw new IllegalArgumentException("a link has a target");
        }
        Files.createSymbolicLink(draft, Path.of(file.linkTarget()));
      }
      case DIRECTORY -> {
        Files.createDirectory(draft);
        Files.setPosixFilePermissions(draft, permissions(file.mode()));
      }
      case OTHER -> throw new IllegalArgumentException("no such upload");
    }
  }

  /** Moves an entry out of the tree, if it exists; returns where it is. */
  private Path discard(
      SecureDirectoryStream<Path> parent, Path name, SecureDirectoryStream<Path> staging)
      throws IOException {
    Path trash = newDraft();
    if (attributes(parent, name).isPresent()) {
      parent.move(name, staging, trash.getFileName());
    }
    return trash;
  }

  private static void setMode(SecureDirectoryStream<Path> parent, Path name, int mode)
      throws IOException {
    parent
        .getFileAttributeView(name, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
        .setPermissions(permissions(mode));
  }

  private static Set<PosixFilePermission> permissions(int mode) {
    Set<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
    PosixFilePermission[] fromHighest = PosixFilePermission.values();
    for (int i = 0; i < fromHighest.length; i++) {
      if ((mode & (0400 >> i)) != 0) {
        permissions.add(fromHighest[i]);
      }
    }
    return permissions;
  }
}
