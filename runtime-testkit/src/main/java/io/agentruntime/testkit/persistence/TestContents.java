// SPDX-License-Identifier: MIT

package io.agentruntime.testkit.persistence;

import io.agentruntime.model.workspace.Content;
import io.agentruntime.model.workspace.ContentHash;
import io.agentruntime.model.workspace.FileKind;
import io.agentruntime.model.workspace.WorkspaceFile;
import io.agentruntime.model.workspace.WorkspacePath;
import io.agentruntime.spi.persistence.StoredFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.concurrent.atomic.AtomicInteger;

/** Contents and files for the contract tests. */
final class TestContents {
  static final long LARGE = 50L << 20;

  private TestContents() {}

  /** Every byte there is, twice, and not a valid text in any encoding. */
  static byte[] binary() {
    byte[] bytes = new byte[512];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (i * 7);
    }
    return bytes;
  }

  static StoredFile file(String path, byte[] bytes) {
    return file(path, bytes, 0644);
  }

  static StoredFile file(String path, byte[] bytes, int mode) {
    WorkspaceFile file =
        new WorkspaceFile(
            new WorkspacePath(path),
            FileKind.REGULAR,
            mode,
            bytes.length,
            ContentHash.of(bytes),
            null);
    return new StoredFile(file, Content.of(bytes));
  }

  static StoredFile link(String path, String target) {
    return new StoredFile(
        new WorkspaceFile(new WorkspacePath(path), FileKind.SYMLINK, 0777, 0, null, target), null);
  }

  static StoredFile directory(String path, int mode) {
    return new StoredFile(
        new WorkspaceFile(new WorkspacePath(path), FileKind.DIRECTORY, mode, 0, null, null), null);
  }

  /** A content that exists only while it is read, and counts how often it is opened. */
  static final class Generated implements Content {
    private final long size;
    private volatile long failAt;
    final AtomicInteger opened = new AtomicInteger();

    Generated(long size) {
      this(size, Long.MAX_VALUE);
    }

    /** Fails with an {@code IOException} when a byte is read. */
    Generated(long size, long failAt) {
      this.size = size;
      this.failAt = failAt;
    }

    /** From now on it cannot be read: nobody may need it any more. */
    void expire() {
      failAt = 0;
    }

    @Override
    public long size() {
      return size;
    }

    @Override
    public InputStream open() {
      opened.incrementAndGet();
      return new InputStream() {
        private long position;

        @Override
        public int read() throws IOException {
          byte[] one = new byte[1];
          return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
          if (position >= failAt) {
            throw new IOException("the content cannot be read any further");
          }
          if (position >= size) {
            return -1;
          }
          int count = (int) Math.min(length, size - position);
          for (int i = 0; i < count; i++) {
            long at = position + i;
            buffer[offset + i] = (byte) (at ^ (at >>> 8) ^ (at >>> 16));
          }
          position += count;
          return count;
        }
      };
    }

    ContentHash hash() throws IOException {
      return TestContents.hash(new Generated(size).open());
    }
  }

  /** The hash of all that a stream gives; closes it. */
  static ContentHash hash(InputStream stream) throws IOException {
    MessageDigest digest = ContentHash.digest();
    try (InputStream in = new DigestInputStream(stream, digest)) {
      in.transferTo(OutputStream.nullOutputStream());
    }
    return ContentHash.of(digest);
  }
}
