// SPDX-License-Identifier: MIT

package io.agentruntime.testkit.sandbox;

/** Where a {@link FakeSandboxProvider} can be made to fail or to wait. */
public enum FakeOperation {
  /** {@code create}, before anything exists. */
  CREATE,
  /** {@code create}, when the sandbox exists but is not yet returned. */
  CREATED,
  /** {@code attach}. */
  ATTACH,
  /** {@code list} of sandboxes. */
  LIST,
  /** {@code start} of a process. */
  START,
  /** {@code writeStdin}. */
  WRITE_STDIN,
  /** {@code writeFiles} and {@code deleteFiles}. */
  WRITE_FILES,
  /** {@code readFile}, {@code readFiles} and {@code list} of files. */
  READ_FILES,
  /** {@code isAlive}. */
  IS_ALIVE,
  /** {@code terminate}, before anything is done. */
  TERMINATE
}
