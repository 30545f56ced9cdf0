// SPDX-License-Identifier: MIT

package io.agentruntime.persistence.memory;

import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import io.agentruntime.model.profile.AgentProfile;
import io.agentruntime.model.profile.ProfileSummary;
import io.agentruntime.model.session.SessionId;
import io.agentruntime.model.session.SessionRecord;
import io.agentruntime.model.transcript.StoredTranscript;
import io.agentruntime.model.workspace.Content;
import io.agentruntime.spi.ProviderContext;
import io.agentruntime.spi.persistence.EventStore;
import io.agentruntime.spi.persistence.FileRemoval;
import io.agentruntime.spi.persistence.FileWrite;
import io.agentruntime.spi.persistence.LeaseStore;
import io.agentruntime.spi.persistence.PersistenceAdapter;
import io.agentruntime.spi.persistence.PersistenceCapability;
import io.agentruntime.spi.persistence.ProfileStore;
import io.agentruntime.spi.persistence.RecordUpdate;
import io.agentruntime.spi.persistence.SessionPage;
import io.agentruntime.spi.persistence.SessionQuery;
import io.agentruntime.spi.persistence.StoredFile;
import io.agentruntime.spi.persistence.StoredSession;
import io.agentruntime.spi.persistence.TranscriptStore;
import io.agentruntime.spi.persistence.TranscriptWrite;
import io.agentruntime.spi.persistence.WorkspaceStore;
import io.agentruntime.support.json.ByteEstimate;
import java.io.IOException;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Keeps everything in memory: the reference for other adapters and the store of tests and demos.
 *
 * <p>Every capability but {@code DURABLE}. Bounded by {@code max-session-bytes} and {@code
 * max-total-bytes}: a write past them is refused with {@code LIMIT_EXCEEDED}, nothing is dropped in
 * silence. Thread-safe; sessions do not wait for one another. An instance is opened once; {@link
 * #close()} forgets everything.
 */
public final class InMemoryPersistenceAdapter implements PersistenceAdapter {
  private static final Set<PersistenceCapability> CAPABILITIES =
      Collections.unmodifiableSet(EnumSet.complementOf(EnumSet.of(PersistenceCapability.DURABLE)));

  private final MemorySessions sessions = new MemorySessions();
  private final InMemoryProfileStore profiles = new InMemoryProfileStore(sessions);
  private final EventStore events = new InMemoryEventStore(sessions);
  private final TranscriptStore transcripts = new InMemoryTranscriptStore(sessions);
  private final WorkspaceStore workspaces = new InMemoryWorkspaceStore(sessions);
  private volatile @Nullable LeaseStore leases;

  @Override
  public String id() {
    return "memory";
  }

  @Override
  public void open(ProviderContext context) {
    sessions.open(MemoryLimits.of(context));
    leases = new InMemoryLeaseStore(sessions, context.clock());
  }

  @Override
  public void close() {
    sessions.close();
    profiles.clear();
  }

  @Override
  public Set<PersistenceCapability> capabilities() {
    return CAPABILITIES;
  }

  @Override
  public List<SessionRecord> listAllSessions() {
    return sessions.records();
  }

  @Override
  public Optional<StoredSession> loadSession(SessionId id) {
    return sessions.read(
        id,
        session ->
            new StoredSession(
                session.record, session.transcript, List.copyOf(session.files.values())));
  }

  @Override
  public Optional<SessionRecord> loadSessionRecord(SessionId id) {
    return sessions.read(id, session -> session.record);
  }

  @Override
  public void createSessionRecord(SessionRecord session) {
    sessions.create(session);
  }

  @Override
  public void updateSessionRecord(RecordUpdate update) {
    sessions.write(
        update.id(),
        update.epoch(),
        session -> {
          session.replaceRecord(session.record.with(update.update()));
          return session.record;
        });
  }

  @Override
  public void saveTranscript(TranscriptWrite write) {
    sessions.write(
        write.id(),
        write.epoch(),
        session -> {
          StoredTranscript before = session.transcript;
          StoredTranscript after = with(before, write);
          session.charge(bytes(after) - bytes(before));
          session.transcript = after;
          return after;
        });
  }

  private static StoredTranscript with(@Nullable StoredTranscript known, TranscriptWrite write) {
    String subagent = write.subagentId();
    Map<String, String> subagents =
        known == null ? new LinkedHashMap<>() : new LinkedHashMap<>(known.subagents());
    if (subagent == null) {
      return new StoredTranscript(write.raw(), subagents);
    }
    subagents.put(subagent, write.raw());
    return new StoredTranscript(known == null ? "" : known.raw(), subagents);
  }

  private static long bytes(@Nullable StoredTranscript transcript) {
    return transcript == null
        ? 0
        : ByteEstimate.of(transcript.raw()) + ByteEstimate.of(transcript.subagents());
  }

  @Override
  public void saveWorkspaceFile(FileWrite write) {
    StoredFile file = inMemory(write.file());
    sessions.write(
        write.id(),
        write.epoch(),
        session -> {
          session.charge(bytes(file) - bytes(session.files.get(file.file().path())));
          return session.files.put(file.file().path(), file);
        });
  }

  /** The content is read before the session is locked: it may come from a slow place. */
  private static StoredFile inMemory(StoredFile file) {
    Content content = file.content();
    if (content == null) {
      return file;
    }
    try {
      return new StoredFile(file.file(), Content.of(content.readAll()));
    } catch (IOException e) {
      throw new AgentRuntimeException(
          StandardError.STORE_UNAVAILABLE,
          "the content of " + file.file().path() + " could not be read",
          e);
    }
  }

  private static long bytes(@Nullable StoredFile file) {
    Content content = file == null ? null : file.content();
    return content == null ? 0 : content.size();
  }

  @Override
  public void deleteSessionFile(FileRemoval removal) {
    sessions.write(
        removal.id(),
        removal.epoch(),
        session -> {
          StoredFile removed = session.files.remove(removal.path());
          session.charge(-bytes(removed));
          return removal;
        });
  }

  @Override
  public List<ProfileSummary> listAgentProfiles() {
    return profiles.list();
  }

  @Override
  public Optional<AgentProfile> loadAgentProfile(String profileId) {
    return profiles.load(profileId);
  }

  @Override
  public EventStore events() {
    return events;
  }

  @Override
  public TranscriptStore transcripts() {
    return transcripts;
  }

  @Override
  public WorkspaceStore workspaces() {
    return workspaces;
  }

  @Override
  public ProfileStore profiles() {
    return profiles;
  }

  @Override
  public SessionPage query(SessionQuery query) {
    return SessionPager.page(sessions.records(), query);
  }

  @Override
  public void deleteSession(SessionId id) {
    sessions.delete(id);
  }

  @Override
  public LeaseStore leases() {
    LeaseStore open = leases;
    if (open == null) {
      throw new AgentRuntimeException(StandardError.CLOSED, "persistence 'memory' is not open");
    }
    return open;
  }
}
