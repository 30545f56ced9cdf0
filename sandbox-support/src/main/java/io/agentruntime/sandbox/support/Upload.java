// SPDX-License-Identifier: MIT

package io.agentruntime.sandbox.support;

import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import io.agentruntime.model.workspace.Content;
import io.agentruntime.model.workspace.FileKind;
import io.agentruntime.spi.sandbox.FileUpload;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Objects;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/** Files as a tar archive, written while they are read. */
final class Upload {
  private static final int BUFFER = 64 * 1024;
  private static final int PERMISSIONS = 07777;

  private Upload() {}

  /** Writes all files; does not close the stream. */
  static void writeTo(OutputStream out, Collection<FileUpload> files) throws IOException {
    TarArchiveOutputStream archive = new TarArchiveOutputStream(out, StandardCharsets.UTF_8.name());
    archive.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
    archive.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
    archive.setAddPaxHeadersForNonAsciiNames(true);
    for (FileUpload file : files) {
      write(archive, file);
    }
    archive.finish();
  }

  private static void write(TarArchiveOutputStream archive, FileUpload file) throws IOException {
    String name = Layout.normalize(file.path()).substring(1);
    TarArchiveEntry entry =
        switch (file.kind()) {
          case REGULAR -> new TarArchiveEntry(name, TarConstants.LF_NORMAL);
          case DIRECTORY -> new TarArchiveEntry(name + "/", TarConstants.LF_DIR);
          case SYMLINK -> new TarArchiveEntry(name, TarConstants.LF_SYMLINK);
          case OTHER -> throw new IllegalStateException("refused by FileUpload: " + file.path());
        };
    entry.setMode(file.mode() & PERMISSIONS);
    if (file.linkTarget() != null) {
      entry.setLinkName(file.linkTarget());
    }
    if (file.kind() != FileKind.REGULAR) {
      archive.putArchiveEntry(entry);
    } else {
      Content content = Objects.requireNonNull(file.content());
      entry.setSize(content.size());
      archive.putArchiveEntry(entry);
      copy(archive, file.path(), content);
    }
    archive.closeArchiveEntry();
  }

  /** Copies exactly as many bytes as were announced. */
  private static void copy(OutputStream to, String path, Content content) throws IOException {
    byte[] buffer = new byte[(int) Math.min(BUFFER, Math.max(1, content.size()))];
    try (InputStream in = open(path, content)) {
      for (long left = content.size(); left > 0; ) {
        int count = read(in, path, buffer, (int) Math.min(buffer.length, left));
        to.write(buffer, 0, count);
        left -= count;
      }
    }
  }

  private static InputStream open(String path, Content content) {
    try {
      return content.open();
    } catch (IOException e) {
      throw unreadable(path, e);
    }
  }

  private static int read(InputStream in, String path, byte[] buffer, int length) {
    try {
      int count = in.read(buffer, 0, length);
      if (count <= 0) {
        throw new EOFException("it is shorter than announced");
      }
      return count;
    } catch (IOException e) {
      throw unreadable(path, e);
    }
  }

  private static AgentRuntimeException unreadable(String path, IOException e) {
    return new AgentRuntimeException(
        StandardError.SANDBOX_FAILED, "Cannot read what is to be written to " + path, e);
  }
}
