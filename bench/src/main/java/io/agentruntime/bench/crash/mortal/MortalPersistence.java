// SPDX-License-Identifier: MIT

package io.agentruntime.bench.crash.mortal;

import io.agentruntime.model.profile.AgentProfile;
import io.agentruntime.model.profile.ProfileSummary;
import io.agentruntime.model.session.SessionId;
import io.agentruntime.model.session.SessionRecord;
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
import io.agentruntime.spi.persistence.StoredSession;
import io.agentruntime.spi.persistence.TranscriptStore;
import io.agentruntime.spi.persistence.TranscriptWrite;
import io.agentruntime.spi.persistence.WorkspaceStore;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The adapter {@code jdbc} with points around what is stored. Thread-safe. */
public final class MortalPersistence implements PersistenceAdapter {
  /** Its id. */
  public static final String ID = "mortal";

  private static final Passage.Around SYNC = Passage.between(CrashPoint.SYNCING, CrashPoint.SYNCED);

  private volatile @Nullable PersistenceAdapter target;

  /** Needed by the service loader. */
  public MortalPersistence() {}

  @Override
  public String id() {
    return ID;
  }

  @Override
  public void open(ProviderContext context) throws InterruptedException {
    PersistenceAdapter found =
        ServiceLoader.load(PersistenceAdapter.class).stream()
            .filter(provider -> provider.type() != MortalPersistence.class)
            .map(ServiceLoader.Provider::get)
            .filter(provider -> provider.id().equals("jdbc"))
            .findFirst()
            .orElseThrow();
    found.open(context);
    target = found;
  }

  private PersistenceAdapter target() {
    return Objects.requireNonNull(target, "not open");
  }

  @Override
  public void close() {
    PersistenceAdapter open = target;
    if (open != null) {
      open.close();
    }
  }

  @Override
  public Set<PersistenceCapability> capabilities() {
    return target().capabilities();
  }

  @Override
  public EventStore events() {
    return new MortalEvents(target().events());
  }

  @Override
  public TranscriptStore transcripts() {
    return Passage.through(TranscriptStore.class, target().transcripts(), Map.of("write", SYNC));
  }

  @Override
  public WorkspaceStore workspaces() {
    return Passage.through(
        WorkspaceStore.class, target().workspaces(), Map.of("put", SYNC, "saveManifest", SYNC));
  }

  @Override
  public ProfileStore profiles() {
    return target().profiles();
  }

  @Override
  public LeaseStore leases() {
    return target().leases();
  }

  @Override
  public SessionPage query(SessionQuery query) throws InterruptedException {
    return target().query(query);
  }

  @Override
  public void deleteSession(SessionId id) throws InterruptedException {
    target().deleteSession(id);
  }

  @Override
  public List<SessionRecord> listAllSessions() throws InterruptedException {
    return target().listAllSessions();
  }

  @Override
  public Optional<StoredSession> loadSession(SessionId id) throws InterruptedException {
    return target().loadSession(id);
  }

  @Override
  public Optional<SessionRecord> loadSessionRecord(SessionId id) throws InterruptedException {
    return target().loadSessionRecord(id);
  }

  @Override
  public void createSessionRecord(SessionRecord session) throws InterruptedException {
    target().createSessionRecord(session);
  }

  @Override
  public void updateSessionRecord(RecordUpdate update) throws InterruptedException {
    target().updateSessionRecord(update);
  }

  @Override
  public void saveTranscript(TranscriptWrite write) throws InterruptedException {
    target().saveTranscript(write);
  }

  @Override
  public void saveWorkspaceFile(FileWrite write) throws InterruptedException {
    target().saveWorkspaceFile(write);
  }

  @Override
  public void deleteSessionFile(FileRemoval removal) throws InterruptedException {
    target().deleteSessionFile(removal);
  }

  @Override
  public List<ProfileSummary> listAgentProfiles() throws InterruptedException {
    return target().listAgentProfiles();
  }

  @Override
  public Optional<AgentProfile> loadAgentProfile(String profileId) throws InterruptedException {
    return target().loadAgentProfile(profileId);
  }
}
