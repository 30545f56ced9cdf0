// SPDX-License-Identifier: MIT

package io.agentruntime.sandbox.modal.standin;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import java.io.IOException;
import java.io.OutputStream;

/**
 * What is written to a program, by byte offset: what was written before is skipped, a gap is
 * refused. Thread-safe.
 */
final class Stdin {
  private final OutputStream program;
  private long written;
  private boolean closed;
  private long streams;

  Stdin(OutputStream program) {
    this.program = program;
  }

  synchronized void write(long offset, ByteString data, boolean eof) {
    if (offset > written) {
      throw Status.INVALID_ARGUMENT
          .withDescription("stdin is at " + written + ", a write at " + offset + " leaves a gap")
          .asRuntimeException();
    }
    long known = written - offset;
    if (known < data.size()) {
      append(data.substring((int) known));
    }
    if (eof) {
      close();
    }
  }

  /** Writes behind whatever was written. */
  synchronized void append(ByteString data, boolean eof) {
    write(written, data, eof);
  }

  /** A new stream of data, which ends the one before. */
  synchronized long openStream() {
    return ++streams;
  }

  /** As {@link #write}, of a stream that must be the newest. */
  synchronized void writeStream(long stream, long offset, ByteString data) {
    requireNewest(stream);
    write(offset, data, false);
  }

  synchronized void endStream(long stream) {
    requireNewest(stream);
    close();
  }

  /** How much was written; ends the stream of data that may be open. */
  synchronized long evictAndCount() {
    streams++;
    return written;
  }

  synchronized boolean isClosed() {
    return closed;
  }

  synchronized void close() {
    if (!closed) {
      closed = true;
      try {
        program.close();
      } catch (IOException e) {
        // The program has ended: its stdin is closed indeed.
      }
    }
  }

  private void requireNewest(long stream) {
    if (stream != streams) {
      throw Status.ABORTED
          .withDescription("another writer took over this stdin")
          .asRuntimeException();
    }
  }

  private void append(ByteString data) {
    if (closed) {
      throw Status.FAILED_PRECONDITION.withDescription("stdin is closed").asRuntimeException();
    }
    try {
      data.writeTo(program);
      program.flush();
      written += data.size();
    } catch (IOException e) {
      throw Status.FAILED_PRECONDITION
          .withDescription("the program reads no more: " + e.getMessage())
          .withCause(e)
          .asRuntimeException();
    }
  }
}
