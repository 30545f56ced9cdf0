// SPDX-License-Identifier: MIT

package io.agentruntime.persistence.jdbc;

import io.agentruntime.error.AgentRuntimeException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Bytes that are fetched a few pieces at a time, each time in a transaction of its own: a reader
 * that is slow, or never closes, holds no connection. One thread at a time.
 */
final class PieceStream extends InputStream {
  /** Where the pieces come from. */
  interface Source {
    /** The pieces that hold the bytes from an offset on, at least one and at most a few. */
    List<GrowingFile.Piece> fetch(long offset) throws InterruptedException;
  }

  private final Source source;
  private final ArrayDeque<GrowingFile.Piece> fetched = new ArrayDeque<>();
  private final long end;
  private long position;
  private boolean closed;

  private PieceStream(Source source, long offset, long end) {
    this.source = source;
    this.position = offset;
    this.end = end;
  }

  /** A stream whose first pieces are there already: what is small is read as it was at once. */
  static InputStream open(Source source, long offset, long end) throws InterruptedException {
    PieceStream stream = new PieceStream(source, offset, end);
    if (offset < end) {
      stream.fetched.addAll(source.fetch(offset));
    }
    return stream;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, buffer.length);
    if (closed) {
      throw new IOException("the stream is closed");
    }
    if (length == 0) {
      return 0;
    }
    GrowingFile.Piece piece = next();
    if (piece == null) {
      return -1;
    }
    int inPiece = (int) (position - piece.start());
    int count = (int) Math.min(Math.min(length, piece.end() - position), end - position);
    System.arraycopy(piece.content(), inPiece, buffer, offset, count);
    position += count;
    return count;
  }

  private GrowingFile.@Nullable Piece next() throws IOException {
    if (position >= end) {
      return null;
    }
    while (!fetched.isEmpty() && fetched.getFirst().end() <= position) {
      fetched.removeFirst();
    }
    if (fetched.isEmpty()) {
      fetched.addAll(fetch());
    }
    GrowingFile.Piece piece = fetched.peekFirst();
    if (piece == null || piece.start() > position || piece.end() <= position) {
      throw new IOException("the store has no bytes at " + position + " of " + end);
    }
    return piece;
  }

  private List<GrowingFile.Piece> fetch() throws IOException {
    try {
      return source.fetch(position);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw (IOException) new InterruptedIOException("interrupted while reading").initCause(e);
    } catch (AgentRuntimeException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  @Override
  public int available() {
    GrowingFile.Piece piece = fetched.peekFirst();
    return piece == null || closed
        ? 0
        : (int) Math.clamp(piece.end() - position, 0, end - position);
  }

  @Override
  public void close() {
    closed = true;
    fetched.clear();
  }
}
