// SPDX-License-Identifier: MIT

package io.agentruntime.spi.sandbox;

import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.Collection;
import java.util.function.Consumer;

/**
 * One isolated machine.
 *
 * <p>Thread-safe. Paths are absolute inside the sandbox. Every method but {@link #terminate()},
 * {@link #isAlive()}, {@link #id()} and {@link #paths()} throws {@code SANDBOX_LOST} once the
 * sandbox has ended, and {@code SANDBOX_UNAVAILABLE} while its backend does not answer. Symbolic
 * links are data: no operation follows one in the last path segment, and none leaves through one.
 */
public interface Sandbox {
  /** The provider's id for it, good for {@link SandboxProvider#attach}. */
  String id();

  /** Where things are. */
  SandboxPaths paths();

  /**
   * Starts a process that does not depend on this server: it goes on when the server dies.
   * Idempotent by {@link ProcessSpec#id()}: a second call returns the process that runs or ran.
   */
  SandboxProcess start(ProcessSpec spec) throws InterruptedException;

  /**
   * Finds a process again, also one that has ended.
   *
   * @throws AgentRuntimeException {@code PROCESS_NOT_FOUND}
   */
  SandboxProcess process(ProcessId id) throws InterruptedException;

  /**
   * Writes files, in one round trip however many there are. Parents are created; what exists at a
   * path is replaced; owner is the user that runs processes.
   */
  void writeFiles(Collection<FileUpload> files) throws InterruptedException;

  /**
   * Reads a regular file.
   *
   * @return its bytes; the caller closes the stream
   * @throws AgentRuntimeException {@code FILE_NOT_FOUND}, also for anything but a regular file
   */
  InputStream readFile(String path) throws InterruptedException;

  /**
   * Reads a regular file from a byte offset; at or past its end there is nothing to read. Providers
   * that can skip without transferring the beginning should override it.
   *
   * @return its bytes; the caller closes the stream
   * @throws AgentRuntimeException {@code FILE_NOT_FOUND}, also for anything but a regular file
   */
  default InputStream readFile(String path, long offset) throws InterruptedException {
    InputStream in = readFile(path);
    try {
      for (long left = offset; left > 0; ) {
        long skipped = in.skip(left);
        if (skipped == 0 && in.read() < 0) {
          break;
        }
        left -= Math.max(skipped, 1);
      }
      return in;
    } catch (IOException e) {
      try {
        in.close();
      } catch (IOException suppressed) {
        e.addSuppressed(suppressed);
      }
      throw new AgentRuntimeException(
          StandardError.SANDBOX_UNAVAILABLE, "reading " + path + " from " + offset, e);
    }
  }

  /**
   * Reads regular files in one round trip. Paths that do not exist, or are not regular files, are
   * left out. The visitor is called in no particular order, one file at a time.
   */
  void readFiles(Collection<String> paths, FileVisitor visitor) throws InterruptedException;

  /** Lists a directory tree with sizes, times, kinds and modes, in one round trip. */
  FileListing list(ListRequest request) throws InterruptedException;

  /** Removes files, links and whole directories; what does not exist is no error. */
  void deleteFiles(Collection<String> paths) throws InterruptedException;

  /**
   * Reports that something changed in a tree: a hint to list it, never the truth itself.
   *
   * @param root the tree
   * @param onChange called on a thread of the provider; must return at once
   * @return closes the watch
   */
  default AutoCloseable watch(String root, Consumer<String> onChange) throws InterruptedException {
    throw AgentRuntimeException.unsupported(id(), SandboxCapability.WATCH);
  }

  /** A URL under which a TCP port of the sandbox can be reached from this host. */
  default URI endpoint(int port) throws InterruptedException {
    throw AgentRuntimeException.unsupported(id(), SandboxCapability.ENDPOINT);
  }

  /** A name or address under which processes in the sandbox reach this host. */
  default String hostAddress() {
    throw AgentRuntimeException.unsupported(id(), SandboxCapability.HOST_ACCESS);
  }

  /** Freezes all processes. */
  default void pause() throws InterruptedException {
    throw AgentRuntimeException.unsupported(id(), SandboxCapability.PAUSE);
  }

  /** Thaws all processes. */
  default void resume() throws InterruptedException {
    throw AgentRuntimeException.unsupported(id(), SandboxCapability.PAUSE);
  }

  /**
   * Keeps the file system as an image.
   *
   * @param name the image's name
   * @return a reference for {@link SandboxSpec#image()}
   */
  default String snapshot(String name) throws InterruptedException {
    throw AgentRuntimeException.unsupported(id(), SandboxCapability.SNAPSHOT);
  }

  /**
   * Whether it still runs; false means it is gone for certain.
   *
   * @throws AgentRuntimeException {@code SANDBOX_UNAVAILABLE} when that cannot be told at present
   */
  boolean isAlive() throws InterruptedException;

  /** Ends all processes and removes everything. Idempotent. */
  void terminate() throws InterruptedException;
}
