// SPDX-License-Identifier: MIT

package io.agentruntime.model.workspace;

/** What a directory entry is. */
public enum FileKind {
  /** A regular file. */
  REGULAR,
  /** A symbolic link: data, never followed. */
  SYMLINK,
  /** A directory. */
  DIRECTORY,
  /** Anything else (socket, device, FIFO): never read. */
  OTHER
}
