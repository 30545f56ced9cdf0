// SPDX-License-Identifier: MIT

package io.agentruntime.sandbox.modal.standin;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** What the file tool says of one file, as JSON. */
final class FileEntry {
  private static final Set<PosixFilePermission> NEW_FILE =
      PosixFilePermissions.fromString("rw-r--r--");

  private FileEntry() {}

  /**
   * A file, never followed if it is a link.
   *
   * @param path what the sandbox calls it
   */
  static ObjectNode of(Path file, String path) throws IOException {
    Map<String, Object> unix = Files.readAttributes(file, "unix:mode", LinkOption.NOFOLLOW_LINKS);
    PosixFileAttributes known =
        Files.readAttributes(file, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    int mode = (Integer) Objects.requireNonNull(unix.get("mode"), "mode");
    FileTime modified = known.lastModifiedTime();
    ObjectNode entry = FileTool.object();
    entry.put("name", path.substring(path.lastIndexOf('/') + 1));
    entry.put("path", path);
    entry.put(
        "type", known.isSymbolicLink() ? "symlink" : known.isDirectory() ? "directory" : "file");
    entry.put("size", known.size());
    entry.put("mode", mode & 07777);
    entry.put("permissions", PosixFilePermissions.toString(known.permissions()));
    entry.put("owner", known.owner().getName());
    entry.put("group", known.group().getName());
    entry.put("modified_time", modified.to(TimeUnit.MICROSECONDS) / 1e6);
    if (known.isSymbolicLink()) {
      entry.put("symlink_target", Files.readSymbolicLink(file).toString());
    }
    return entry;
  }

  /** Gives a new file the mode of the one it replaces, or that of a new file. */
  static void copyMode(Path old, Path next) throws IOException {
    Files.setPosixFilePermissions(
        next, Files.exists(old) ? Files.getPosixFilePermissions(old) : NEW_FILE);
  }
}
