// SPDX-License-Identifier: MIT

package io.agentruntime.sandbox.local;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Direct access to the files of a spool, where the script would take a process per operation. The
 * files' meaning is told at the top of the script.
 */
record SpoolFolder(Path path) {
  /** Whether the program was started. */
  boolean isStarted() throws IOException {
    return !small("pid").isEmpty();
  }

  /** The recorded exit code, empty while the program runs. */
  String exitCode() throws IOException {
    return small("exit");
  }

  /** Whether somebody is there to record the exit code. */
  boolean isSupervised() throws IOException {
    return HostProcesses.isAlive(small("supervisor"));
  }

  long length(String stream) throws IOException {
    return Files.size(path.resolve(stream));
  }

  /** The first byte of an output that is kept. */
  long first(String stream) throws IOException {
    return Long.parseLong(small(stream + ".first"));
  }

  void putFirst(String stream, long first) throws IOException {
    put(stream + ".first", Long.toString(first));
  }

  boolean isInputClosed() {
    return Files.exists(path.resolve("in.closed"));
  }

  void closeInput() throws IOException {
    Files.write(path.resolve("in.closed"), new byte[0]);
    wakeFeeder();
  }

  /** Holds the input for one writer at a time, of this server or another. */
  FileChannel lockInput() throws IOException {
    FileChannel lock =
        FileChannel.open(
            path.resolve("in.owner"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      lock.lock();
      return lock;
    } catch (IOException | RuntimeException e) {
      lock.close();
      throw e;
    }
  }

  void appendInput(byte[] bytes, int from) throws IOException {
    try (FileChannel in =
        FileChannel.open(path.resolve("in"), StandardOpenOption.WRITE, StandardOpenOption.APPEND)) {
      ByteBuffer rest = ByteBuffer.wrap(bytes, from, bytes.length - from);
      while (rest.hasRemaining()) {
        in.write(rest);
      }
    }
    wakeFeeder();
  }

  /** The feeder says that it waits before it looks for input a last time: no wake is missed. */
  private void wakeFeeder() throws IOException {
    if (small("in.idle").equals("y")) {
      poke("in.wake");
    }
  }

  void wakePump() throws IOException {
    if (small("out.full").equals("y")) {
      poke("out.wake");
    }
  }

  /** Opened for both directions, as otherwise it would wait for a reader that may be dead. */
  private void poke(String fifo) throws IOException {
    try (RandomAccessFile opened = new RandomAccessFile(path.resolve(fifo).toFile(), "rw")) {
      opened.write('\n');
    }
  }

  private String small(String name) throws IOException {
    try {
      return Files.readString(path.resolve(name)).strip();
    } catch (NoSuchFileException e) {
      return "";
    }
  }

  /** In place and with the script's own width, as a full disk must not stop it. */
  private void put(String name, String text) throws IOException {
    byte[] line = "%-79s\n".formatted(text).getBytes(StandardCharsets.US_ASCII);
    try (FileChannel file = FileChannel.open(path.resolve(name), StandardOpenOption.WRITE)) {
      file.write(ByteBuffer.wrap(line), 0);
    }
  }
}
