// SPDX-License-Identifier: MIT

package io.agentruntime.core;

import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The runtime's folder: locked, so that no second runtime uses it, and marked with the runtime's
 * id. Thread-safe; closing gives the lock back.
 */
final class DataDirectory implements AutoCloseable {
  private final FileChannel channel;
  private final FileLock lock;
  private final String runtimeId;

  private DataDirectory(FileChannel channel, FileLock lock, String runtimeId) {
    this.channel = channel;
    this.lock = lock;
    this.runtimeId = runtimeId;
  }

  static DataDirectory open(Path folder) {
    FileChannel channel = null;
    try {
      Files.createDirectories(folder);
      channel =
          FileChannel.open(
              folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      FileLock lock = tryLock(channel);
      if (lock == null) {
        channel.close();
        throw new AgentRuntimeException(
            StandardError.CONFIGURATION,
            "another runtime uses the data directory " + folder + "; stop it or name another");
      }
      return new DataDirectory(channel, lock, id(folder.resolve("runtime-id")));
    } catch (IOException e) {
      closeQuietly(channel, e);
      throw new AgentRuntimeException(
          StandardError.CONFIGURATION, "the data directory " + folder + " cannot be used: " + e, e);
    }
  }

  String runtimeId() {
    return runtimeId;
  }

  @Override
  public void close() {
    try {
      lock.release();
      channel.close();
    } catch (IOException e) {
      throw new AgentRuntimeException(
          StandardError.INTERNAL_ERROR, "unlocking the data directory failed", e);
    }
  }

  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      return null;
    }
  }

  private static String id(Path file) throws IOException {
    String known = Files.exists(file) ? Files.readString(file).strip() : "";
    if (!known.isEmpty()) {
      return known;
    }
    // Whole or not there: a server that died over it must not leave an empty id, for good.
    String id = UUID.randomUUID().toString();
    Path draft = file.resolveSibling(file.getFileName() + ".new");
    Files.writeString(
        draft,
        id,
        StandardOpenOption.CREATE,
        StandardOpenOption.SYNC,
        StandardOpenOption.WRITE,
        StandardOpenOption.TRUNCATE_EXISTING);
    Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
    return id;
  }

  private static void closeQuietly(@Nullable FileChannel channel, IOException cause) {
    if (channel != null) {
      try {
        channel.close();
      } catch (IOException e) {
        cause.addSuppressed(e);
      }
    }
  }
}
