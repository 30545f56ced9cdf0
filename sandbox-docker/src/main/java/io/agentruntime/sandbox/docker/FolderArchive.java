// SPDX-License-Identifier: MIT

package io.agentruntime.sandbox.docker;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/** Empty folders that belong to the user of sandboxes, as a tar archive. */
final class FolderArchive {
  private static final int MODE = 0755;

  private FolderArchive() {}

  /**
   * Packs them.
   *
   * @param paths absolute
   */
  static byte[] of(List<String> paths) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (TarArchiveOutputStream archive = new TarArchiveOutputStream(bytes)) {
      for (String path : paths) {
        TarArchiveEntry entry = new TarArchiveEntry(path.substring(1) + "/", TarConstants.LF_DIR);
        entry.setMode(MODE);
        entry.setUserId(1000);
        entry.setGroupId(1000);
        archive.putArchiveEntry(entry);
        archive.closeArchiveEntry();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }
}
