// SPDX-License-Identifier: MIT

package io.agentruntime.spi.persistence;

import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.model.profile.AgentProfile;
import io.agentruntime.model.profile.ProfileSummary;
import io.agentruntime.model.session.SessionId;
import io.agentruntime.model.session.SessionRecord;
import io.agentruntime.spi.Provider;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Keeps sessions, their transcripts, workspaces and events, and agent profiles.
 *
 * <p>An adapter that implements only the nine basic operations (the abstract methods) works; all
 * else is a capability. A write has happened when its method returns. Every write by a session's
 * owner carries its lease epoch; an adapter that declares {@link PersistenceCapability#LEASES} must
 * refuse it with {@code FENCED} when a newer epoch exists, others may ignore the epoch.
 *
 * <p>Failures are {@code STORE_UNAVAILABLE} (may be tried again) or {@code STORE_CORRUPT}.
 */
public interface PersistenceAdapter extends Provider {
  /** What this adapter supports; constant after {@code open}. */
  Set<PersistenceCapability> capabilities();

  /** All sessions. */
  List<SessionRecord> listAllSessions() throws InterruptedException;

  /** A session with its transcript and workspace, empty when there is none. */
  Optional<StoredSession> loadSession(SessionId id) throws InterruptedException;

  /**
   * Stores a new session.
   *
   * @throws AgentRuntimeException {@code SESSION_EXISTS}
   */
  void createSessionRecord(SessionRecord session) throws InterruptedException;

  /**
   * Changes parts of a record.
   *
   * @throws AgentRuntimeException {@code SESSION_NOT_FOUND}, {@code FENCED}
   */
  void updateSessionRecord(RecordUpdate update) throws InterruptedException;

  /**
   * Replaces the transcript of a session or of one of its subagents.
   *
   * @throws AgentRuntimeException {@code SESSION_NOT_FOUND}, {@code FENCED}
   */
  void saveTranscript(TranscriptWrite write) throws InterruptedException;

  /**
   * Stores a workspace file with its content, replacing what was at its path.
   *
   * @throws AgentRuntimeException {@code SESSION_NOT_FOUND}, {@code FENCED}
   */
  void saveWorkspaceFile(FileWrite write) throws InterruptedException;

  /**
   * Forgets a workspace file; no error when there is none.
   *
   * @throws AgentRuntimeException {@code SESSION_NOT_FOUND}, {@code FENCED}
   */
  void deleteSessionFile(FileRemoval removal) throws InterruptedException;

  /** The agent profiles that this store keeps; may be none. */
  List<ProfileSummary> listAgentProfiles() throws InterruptedException;

  /** An agent profile, empty when this store has none of that id. */
  Optional<AgentProfile> loadAgentProfile(String profileId) throws InterruptedException;

  /** A session's record alone; cheap where the store can do better than loading everything. */
  default Optional<SessionRecord> loadSessionRecord(SessionId id) throws InterruptedException {
    return loadSession(id).map(StoredSession::record);
  }

  /** The event log's store. */
  default EventStore events() {
    throw AgentRuntimeException.unsupported(id(), PersistenceCapability.EVENTS);
  }

  /** Transcripts as growing files. */
  default TranscriptStore transcripts() {
    throw AgentRuntimeException.unsupported(id(), PersistenceCapability.TRANSCRIPTS);
  }

  /** Workspaces as manifests of content-addressed blobs. */
  default WorkspaceStore workspaces() {
    throw AgentRuntimeException.unsupported(id(), PersistenceCapability.WORKSPACES);
  }

  /** Agent profiles that can be changed. */
  default ProfileStore profiles() {
    throw AgentRuntimeException.unsupported(id(), PersistenceCapability.PROFILES);
  }

  /**
   * One page of sessions, without loading them: newest activity first (the creation counts while
   * there is none), sessions of the same time by id.
   *
   * @throws AgentRuntimeException {@code INVALID_ARGUMENT} for a cursor that this store did not
   *     give
   */
  default SessionPage query(SessionQuery query) throws InterruptedException {
    throw AgentRuntimeException.unsupported(id(), PersistenceCapability.QUERY);
  }

  /**
   * Removes everything about a session; no error when there is nothing. It asks for no epoch:
   * whoever deletes ends the owner's work first.
   */
  default void deleteSession(SessionId id) throws InterruptedException {
    throw AgentRuntimeException.unsupported(id(), PersistenceCapability.DELETE_SESSION);
  }

  /** Ownership of sessions. */
  default LeaseStore leases() {
    throw AgentRuntimeException.unsupported(id(), PersistenceCapability.LEASES);
  }
}
