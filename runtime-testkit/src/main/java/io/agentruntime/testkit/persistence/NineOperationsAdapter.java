// SPDX-License-Identifier: MIT

package io.agentruntime.testkit.persistence;

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
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A store, in memory, that has the nine basic operations and nothing else: what the least of
 * adapters looks like, and where tests put sessions to be adopted. Thread-safe.
 */
public final class NineOperationsAdapter implements PersistenceAdapter {
  private static final class Entry {
    SessionRecord record;
    @Nullable StoredTranscript transcript;
    final NavigableMap<WorkspacePath, StoredFile> files = new TreeMap<>();

    Entry(SessionRecord record) {
      this.record = record;
    }
  }

  private final Map<SessionId, Entry> sessions = new LinkedHashMap<>();
  private final Map<String, AgentProfile> profiles = new LinkedHashMap<>();
  private boolean closed;

  /** A store that has these profiles. */
  public NineOperationsAdapter(AgentProfile... profiles) {
    for (AgentProfile profile : profiles) {
      this.profiles.put(profile.id(), profile);
    }
  }

  @Override
  public String id() {
    return "nine-operations";
  }

  @Override
  public void open(ProviderContext context) {
    if (!context.settingKeys().isEmpty()) {
      throw new AgentRuntimeException(
          StandardError.CONFIGURATION,
          "persistence '" + id() + "' knows no setting " + context.settingKeys());
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
  }

  @Override
  public Set<PersistenceCapability> capabilities() {
    return Set.of();
  }

  @Override
  public synchronized List<SessionRecord> listAllSessions() {
    requireOpen();
    return sessions.values().stream().map(entry -> entry.record).toList();
  }

  @Override
  public synchronized Optional<StoredSession> loadSession(SessionId id) {
    requireOpen();
    return Optional.ofNullable(sessions.get(id))
        .map(
            entry ->
                new StoredSession(
                    entry.record, entry.transcript, List.copyOf(entry.files.values())));
  }

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

  @Override
  public void saveWorkspaceFile(FileWrite write) {
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
  public synchronized List<ProfileSummary> listAgentProfiles() {
    requireOpen();
    List<ProfileSummary> summaries = new ArrayList<>();
    profiles.values().forEach(profile -> summaries.add(profile.summary()));
    return summaries;
  }

  @Override
  public synchronized Optional<AgentProfile> loadAgentProfile(String profileId) {
    requireOpen();
    return Optional.ofNullable(profiles.get(profileId));
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
    if (closed) {
      throw new AgentRuntimeException(StandardError.CLOSED, "persistence '" + id() + "' is closed");
    }
  }
}
