// SPDX-License-Identifier: MIT

package io.agentruntime.sandbox.support;

import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import io.agentruntime.spi.sandbox.FileVisitor;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.jspecify.annotations.Nullable;

/** Files that a program in a sandbox packs while they are read. Used by one thread at a time. */
final class Download implements AutoCloseable {
  private static final String SHRANK = "File shrank by";

  private final ExecChannel channel;
  private final Program running;
  private final Sending sending;
  private final TarArchiveInputStream archive;
  private @Nullable TarArchiveEntry entry;

  private Download(ExecChannel channel, Program running, Sending sending) {
    this.channel = channel;
    this.running = running;
    this.sending = sending;
    archive = new TarArchiveInputStream(running.stdout(), StandardCharsets.UTF_8.name());
  }

  /**
   * Tells a program which files to pack.
   *
   * @param running closed with the download, and on failure
   * @param paths normal paths; those that a link leads astray are left out
   */
  static Download start(ExecChannel channel, Program running, Set<String> paths)
      throws IOException {
    Folders folders = Folders.of(paths);
    Sending sending = Sending.start(running.stdin(), folders.encoded());
    Download download = new Download(channel, running, sending);
    try {
      Set<String> astray = folders.readAstray(running);
      List<String> packed =
          paths.stream()
              .filter(path -> !astray.contains(Layout.parent(path)))
              .map(path -> "." + path)
              .toList();
      sending.then(out -> out.write(Folders.list(packed)));
      return download;
    } catch (IOException | RuntimeException e) {
      download.close();
      throw e;
    }
  }

  /** Goes to the next regular file; false after the last. */
  boolean next() throws IOException {
    do {
      entry = archive.getNextEntry();
    } while (entry != null && !isRegular(entry));
    return entry != null;
  }

  /** The normal path of the present file. */
  String path() {
    return Layout.normalize("/" + present().getName());
  }

  /** Shows the present file to a visitor. */
  void visit(FileVisitor visitor, String name) throws IOException {
    FileContent content = new FileContent(false);
    try {
      visitor.file(name, present().getSize(), content);
    } catch (IOException e) {
      if (content.broken) {
        throw e;
      }
      throw new AgentRuntimeException(
          StandardError.INTERNAL_ERROR, "what was to take the file " + name + " failed", e);
    }
  }

  /** The present file as a stream, which closes the download. */
  InputStream content() {
    return new FileContent(true);
  }

  /** Fails unless all that was asked for and found was packed whole. */
  void finish() throws IOException, InterruptedException {
    running.stdout().transferTo(OutputStream.nullOutputStream());
    IOException unsent = sending.await();
    int code = running.exitCode();
    String errors = running.errors();
    // 1: a file changed while it was read, which is no failure: its beginning is here.
    if (code > 1 || unsent != null || errors.contains(SHRANK)) {
      throw channel.failure("read files", errors.isEmpty() ? "exit code " + code : errors);
    }
  }

  @Override
  public void close() {
    running.close();
    sending.close();
  }

  /** For {@code isFile}, links and devices are files, too. */
  private static boolean isRegular(TarArchiveEntry entry) {
    byte kind = entry.getLinkFlag();
    return kind == TarConstants.LF_NORMAL || kind == TarConstants.LF_OLDNORM;
  }

  private TarArchiveEntry present() {
    if (entry == null) {
      throw new IllegalStateException("no present file");
    }
    return entry;
  }

  /** The content of the present file. */
  private final class FileContent extends InputStream {
    private final boolean alone;
    private boolean ended;
    private boolean broken;

    FileContent(boolean alone) {
      this.alone = alone;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      if (ended) {
        return -1;
      }
      try {
        int count = archive.read(into, offset, length);
        if (count < 0) {
          ended = true;
          if (alone) {
            finishAlone();
          }
        }
        return count;
      } catch (IOException e) {
        broken = true;
        throw e;
      }
    }

    @Override
    public void close() {
      ended = true;
      if (alone) {
        Download.this.close();
      }
    }

    private void finishAlone() throws IOException {
      try {
        finish();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new InterruptedIOException("interrupted");
      } catch (AgentRuntimeException e) {
        throw new IOException(e);
      }
    }
  }
}
