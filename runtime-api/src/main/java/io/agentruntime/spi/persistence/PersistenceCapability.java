// SPDX-License-Identifier: MIT

package io.agentruntime.spi.persistence;

/** Which roles an adapter has beyond the nine basic operations. Undeclared means refused. */
public enum PersistenceCapability {
  /** {@link PersistenceAdapter#events()}. */
  EVENTS,
  /** {@link PersistenceAdapter#transcripts()}. */
  TRANSCRIPTS,
  /** {@link PersistenceAdapter#workspaces()}. */
  WORKSPACES,
  /** {@link PersistenceAdapter#profiles()}. */
  PROFILES,
  /** {@link PersistenceAdapter#query}. */
  QUERY,
  /** {@link PersistenceAdapter#deleteSession}. */
  DELETE_SESSION,
  /** {@link PersistenceAdapter#leases()}: every fenced write checks its epoch. */
  LEASES,
  /** {@link EventStore#compact}. */
  COMPACTION,
  /** What was acknowledged survives the end of this process. */
  DURABLE
}
