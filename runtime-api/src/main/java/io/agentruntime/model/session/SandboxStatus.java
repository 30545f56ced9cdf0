// SPDX-License-Identifier: MIT

package io.agentruntime.model.session;

/** Where a session's sandbox is in its life. */
public enum SandboxStatus {
  /** Being created or prepared. */
  STARTING,
  /** Prepared; the agent may run. */
  READY,
  /** It exists but does not answer its health check. */
  UNHEALTHY,
  /** It has ended; the next message creates another one. */
  TERMINATED,
  /** It could not be created or prepared; the next message tries again. */
  ERROR
}
