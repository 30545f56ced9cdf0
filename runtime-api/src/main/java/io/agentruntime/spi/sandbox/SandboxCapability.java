// SPDX-License-Identifier: MIT

package io.agentruntime.spi.sandbox;

/** What a sandbox provider may support beyond the basics. Undeclared means refused. */
public enum SandboxCapability {
  /** Sandboxes outlive the server: {@code attach}, {@code list} and {@code process} find them. */
  REATTACH,
  /** The agent cannot reach the host's files, processes or other sandboxes. */
  ISOLATION,
  /** Memory and CPU limits of the spec are enforced. */
  RESOURCE_LIMITS,
  /** Network modes other than the default are honoured. */
  NETWORK_POLICY,
  /** {@code watch} reports changes of files. */
  WATCH,
  /** {@code endpoint} makes a port of the sandbox reachable. */
  ENDPOINT,
  /** {@code hostAddress} names this host from within. */
  HOST_ACCESS,
  /** {@code pause} and {@code resume}. */
  PAUSE,
  /** {@code snapshot} makes an image that {@code create} can start from. */
  SNAPSHOT,
  /** The limit of processes and threads of the spec is enforced. */
  PROCESS_LIMIT
}
