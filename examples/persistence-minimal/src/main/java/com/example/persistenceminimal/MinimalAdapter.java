package com.example.persistenceminimal;

import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import io.agentruntime.model.profile.AgentProfile;
import io.agentruntime.model.profile.ProfileSummary;
import io.agentruntime.model.session.SessionId;
import io.agentruntime.model.session.SessionRecord;
import io.agentruntime.model.transcript.StoredTranscript;
import io.agentruntime.model.workspace.Content;
import io.agentruntime.model.workspace.WorkspacePath;
import io.agentruntime.spi.ProviderContext;
import io.agentruntime.spi.persistence.FileRemoval;
import io.agentruntime.spi.persistence.FileWrite;
import io.agentruntime.spi.persistence.PersistenceAdapter;
import io.agentruntime.spi.persistence.PersistenceCapability;
import io.agentruntime.spi.persistence.RecordUpdate;
import io.agentruntime.spi.persistence.StoredFile;
import io.agentruntime.spi.persistence.StoredSession;
import io.agentruntime.spi.persistence.TranscriptWrite;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Keeps sessions in memory, with the nine basic operations and nothing else. Thread-safe.
 *
 * <p>A start: replace the map by your store, then declare what it can do.
 */
public final class MinimalAdapter implements PersistenceAdapter {
  /** What is kept of one session; guarded by the adapter. */
  private static final class Entry {
    SessionRecord record;
    @Nullable StoredTranscript transcript;
    final NavigableMap<WorkspacePath, StoredFile> files = new TreeMap<>();

    Entry(SessionRecord record) {
      this.record = record;
    }
  }

  private final Map<SessionId, Entry> sessions = new LinkedHashMap<>();
  private boolean open;

  /** Needed by the service loader; does nothing. */
  public MinimalAdapter() {}

  @Override
  public String id() {
    return "minimal";
  }

  // tag::open[]
  @Override
  public synchronized void open(ProviderContext context) {
    for (String key : context.settingKeys()) {
      throw new AgentRuntimeException(
          StandardError.CONFIGURATION, "persistence 'minimal' has no setting '" + key + "'");
    }
    open = true;
  }

  @Override
  public synchronized void close() {
    open = false;
  }

  @Override
  public Set<PersistenceCapability> capabilities() {
    return Set.of();
  }

  // end::open[]

  @Override
  public synchronized List<SessionRecord> listAllSessions() {
    requireOpen();
    return sessions.values().stream().map(entry -> entry.record).toList();
  }

  @Override
  public synchronized Optional<StoredSession> loadSession(SessionId id) {
    requireOpen();
    Entry entry = sessions.get(id);
    return entry == null
        ? Optional.empty()
        : Optional.of(
            new StoredSession(entry.record, entry.transcript, List.copyOf(entry.files.values())));
  }

  // tag::writes[]
  @Override
  public synchronized void createSessionRecord(SessionRecord session) {
    requireOpen();
    if (sessions.putIfAbsent(session.id(), new Entry(session)) != null) {
      throw new AgentRuntimeException(
          StandardError.SESSION_EXISTS, "session " + session.id() + " exists already");
    }
  }

  @Override
  public synchronized void updateSessionRecord(RecordUpdate update) {
    Entry entry = entry(update.id());
    entry.record = entry.record.with(update.update());
  }

  @Override
  public synchronized void saveTranscript(TranscriptWrite write) {
    Entry entry = entry(write.id());
    StoredTranscript known =
        entry.transcript == null ? new StoredTranscript("", Map.of()) : entry.transcript;
    String subagent = write.subagentId();
    if (subagent == null) {
      entry.transcript = new StoredTranscript(write.raw(), known.subagents());
    } else {
      Map<String, String> subagents = new LinkedHashMap<>(known.subagents());
      subagents.put(subagent, write.raw());
      entry.transcript = new StoredTranscript(known.raw(), subagents);
    }
  }

  // end::writes[]

  @Override
  public void saveWorkspaceFile(FileWrite write) {
    // Read before the lock is taken, and now: the content may be gone when this method returns.
    StoredFile file = inMemory(write.file());
    synchronized (this) {
      entry(write.id()).files.put(file.file().path(), file);
    }
  }

  private static StoredFile inMemory(StoredFile file) {
    Content content = file.content();
    try {
      return content == null ? file : new StoredFile(file.file(), Content.of(content.readAll()));
    } catch (IOException e) {
      throw new AgentRuntimeException(
          StandardError.STORE_UNAVAILABLE, "cannot read " + file.file().path(), e);
    }
  }

  @Override
  public synchronized void deleteSessionFile(FileRemoval removal) {
    entry(removal.id()).files.remove(removal.path());
  }

  @Override
  public List<ProfileSummary> listAgentProfiles() {
    return List.of();
  }

  @Override
  public Optional<AgentProfile> loadAgentProfile(String profileId) {
    return Optional.empty();
  }

  private Entry entry(SessionId id) {
    requireOpen();
    Entry entry = sessions.get(id);
    if (entry == null) {
      throw new AgentRuntimeException(StandardError.SESSION_NOT_FOUND, "there is no session " + id);
    }
    return entry;
  }

  private void requireOpen() {
    if (!open) {
      throw new AgentRuntimeException(StandardError.CLOSED, "persistence 'minimal' is not open");
    }
  }
}
