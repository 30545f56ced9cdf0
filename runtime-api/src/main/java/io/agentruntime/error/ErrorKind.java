// SPDX-License-Identifier: MIT

package io.agentruntime.error;

/** Whose fault an error is, which decides how callers react and which status the wire shows. */
public enum ErrorKind {
  /** The caller asked for something invalid or unknown; repeating it cannot help. */
  USER,
  /** The request contradicts the present state; it may succeed once that state changed. */
  CONFLICT,
  /** A limit of this system was reached: queue, quota, memory, disk. */
  RESOURCE,
  /** Something outside failed: a model API, a Docker engine, a database. */
  EXTERNAL,
  /** A defect or broken contract inside this system or a provider. */
  INTERNAL
}
