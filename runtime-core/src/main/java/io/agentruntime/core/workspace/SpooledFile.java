// SPDX-License-Identifier: MIT

package io.agentruntime.core.workspace;

import io.agentruntime.model.workspace.Content;
import io.agentruntime.model.workspace.ContentHash;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/** A file on its way into the store: small ones in memory, large ones on disk. */
record SpooledFile(String path, long size, ContentHash hash, byte[] head, @Nullable Path rest)
    implements Content {
  /** What of one file is kept in memory at most. */
  static final int IN_MEMORY = 256 << 10;

  /** Takes a file in; beyond so many bytes, into a file of its own in a folder. */
  static SpooledFile of(String path, InputStream in, Path folder, int inMemory) throws IOException {
    byte[] head = in.readNBytes(inMemory);
    MessageDigest digest = ContentHash.digest();
    digest.update(head);
    if (head.length < inMemory) {
      return new SpooledFile(path, head.length, ContentHash.of(digest), head, null);
    }
    Path file = Files.createTempFile(Files.createDirectories(folder), "sync", null);
    try (OutputStream out = new DigestOutputStream(Files.newOutputStream(file), digest)) {
      long size = head.length + in.transferTo(out);
      return new SpooledFile(path, size, ContentHash.of(digest), head, file);
    } catch (IOException e) {
      Files.deleteIfExists(file);
      throw e;
    }
  }

  /** Gives up what is on disk. */
  void delete() throws IOException {
    if (rest != null) {
      Files.deleteIfExists(rest);
    }
  }

  @Override
  public InputStream open() throws IOException {
    InputStream first = Content.of(head).open();
    return rest == null ? first : new SequenceInputStream(first, Files.newInputStream(rest));
  }
}
