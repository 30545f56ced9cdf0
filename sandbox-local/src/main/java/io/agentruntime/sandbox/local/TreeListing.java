// SPDX-License-Identifier: MIT

package io.agentruntime.sandbox.local;

import io.agentruntime.model.workspace.FileKind;
import io.agentruntime.spi.sandbox.FileListing;
import io.agentruntime.spi.sandbox.FileStat;
import io.agentruntime.spi.sandbox.ListRequest;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.NotLinkException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Lists a tree while programs may change it; what vanishes meanwhile is left out. Confined. */
final class TreeListing {
  private static final String ATTRIBUTES = "unix:mode,size,ino,lastModifiedTime,ctime";
  private static final int KIND_MASK = 0170000;

  private final ListRequest request;
  private final List<FileStat> found = new ArrayList<>();
  private final Deque<Path> toEnter = new ArrayDeque<>();
  private boolean truncated;

  private TreeListing(ListRequest request) {
    this.request = request;
  }

  static FileListing of(Path root, ListRequest request) throws IOException {
    TreeListing listing = new TreeListing(request);
    listing.toEnter.add(root);
    while (!listing.toEnter.isEmpty() && !listing.truncated) {
      listing.enter(listing.toEnter.removeFirst());
    }
    return new FileListing(listing.found, listing.truncated);
  }

  private void enter(Path directory) throws IOException {
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
      for (Path entry : entries) {
        if (request.ignoredNames().contains(entry.getFileName().toString())) {
          continue;
        }
        FileStat stat = stat(entry);
        if (stat == null) {
          continue;
        }
        if (found.size() == request.maxEntries()) {
          truncated = true;
          return;
        }
        found.add(stat);
        if (stat.kind() == FileKind.DIRECTORY) {
          toEnter.add(entry);
        }
      }
    } catch (NoSuchFileException | NotDirectoryException | AccessDeniedException e) {
      return; // gone meanwhile, or nobody may look inside
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
  }

  private static @Nullable FileStat stat(Path path) throws IOException {
    try {
      Map<String, Object> values =
          Files.readAttributes(path, ATTRIBUTES, LinkOption.NOFOLLOW_LINKS);
      int mode = (Integer) value(values, "mode");
      FileKind kind =
          switch (mode & KIND_MASK) {
            case 0100000 -> FileKind.REGULAR;
            case 0120000 -> FileKind.SYMLINK;
            case 0040000 -> FileKind.DIRECTORY;
            default -> FileKind.OTHER;
          };
      return new FileStat(
          path.toString(),
          kind,
          kind == FileKind.DIRECTORY ? 0 : (Long) value(values, "size"),
          mode & 0777,
          nanos(values, "lastModifiedTime")
              + "."
              + nanos(values, "ctime")
              + "."
              + value(values, "ino"),
          kind == FileKind.SYMLINK ? Files.readSymbolicLink(path).toString() : null);
    } catch (NoSuchFileException | NotLinkException e) {
      return null;
    }
  }

  private static long nanos(Map<String, Object> values, String key) {
    return ((FileTime) value(values, key)).to(TimeUnit.NANOSECONDS);
  }

  private static Object value(Map<String, Object> values, String key) {
    Object value = values.get(key);
    if (value == null) {
      throw new IllegalStateException("the file system does not tell " + key);
    }
    return value;
  }
}
