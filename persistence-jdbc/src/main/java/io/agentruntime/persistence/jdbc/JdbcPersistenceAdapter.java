// SPDX-License-Identifier: MIT

package io.agentruntime.persistence.jdbc;

import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import io.agentruntime.model.profile.AgentProfile;
import io.agentruntime.model.profile.ProfileSummary;
import io.agentruntime.model.session.SessionId;
import io.agentruntime.model.session.SessionRecord;
import io.agentruntime.spi.HealthProblem;
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
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps everything in SQLite, PostgreSQL, MariaDB or H2, whichever the setting {@code url} names:
 * every capability. Thread-safe; an instance is opened once.
 *
 * <p>A write is committed to disk when its method returns. An interrupt ends the wait for a turn
 * with nothing done; what has begun is waited for, so that its outcome is known, and the thread
 * stays interrupted.
 */
public final class JdbcPersistenceAdapter implements PersistenceAdapter {
  private static final Logger log = LoggerFactory.getLogger(JdbcPersistenceAdapter.class);
  private static final Set<PersistenceCapability> CAPABILITIES =
      Collections.unmodifiableSet(EnumSet.allOf(PersistenceCapability.class));

  private final AtomicBoolean opened = new AtomicBoolean();
  private volatile @Nullable Stores stores;

  /** All that there is between {@code open} and {@code close}. */
  private record Stores(
      Database database,
      SessionTable sessions,
      SessionPages pages,
      SessionRemoval removal,
      StoredTexts texts,
      BasicFiles files,
      JdbcProfileStore profiles,
      EventStore events,
      TranscriptStore transcripts,
      WorkspaceStore workspaces,
      LeaseStore leases) {
    static Stores on(Database database, ProviderContext context) {
      return new Stores(
          database,
          new SessionTable(database),
          new SessionPages(database),
          new SessionRemoval(database, context.clock()),
          new StoredTexts(database),
          new BasicFiles(database, context.clock()),
          new JdbcProfileStore(database),
          new JdbcEventStore(database),
          new JdbcTranscriptStore(database),
          new JdbcWorkspaceStore(database, context.clock()),
          new JdbcLeaseStore(database, context.clock()));
    }
  }

  @Override
  public String id() {
    return "jdbc";
  }

  @Override
  public void open(ProviderContext context) throws InterruptedException {
    JdbcSettings settings = JdbcSettings.of(context);
    if (!opened.compareAndSet(false, true)) {
      throw new AgentRuntimeException(StandardError.CLOSED, "persistence 'jdbc' was opened before");
    }
    Database database = Database.open(settings);
    boolean complete = false;
    try {
      Stores open = Stores.on(database, context);
      open.removal().sweep();
      stores = open;
      complete = true;
    } finally {
      if (!complete) {
        database.close();
      }
    }
    log.info("persistence 'jdbc': {} at {}", database.product(), settings.url());
    if (settings.url().engine() == Engine.MYSQL) {
      log.warn(
          "persistence 'jdbc': MySQL was never verified; MariaDB, which speaks nearly the same,"
              + " was");
    }
  }

  @Override
  public void close() {
    Stores open = stores;
    if (open != null) {
      open.database().close();
    }
  }

  private Stores stores() {
    Stores open = stores;
    if (open == null) {
      throw Database.closed();
    }
    return open;
  }

  @Override
  public Set<PersistenceCapability> capabilities() {
    return CAPABILITIES;
  }

  @Override
  public List<HealthProblem> health() throws InterruptedException {
    Stores open = stores();
    try {
      open.profiles().probe();
      return List.of();
    } catch (AgentRuntimeException e) {
      return List.of(
          new HealthProblem(
              e.getMessage(),
              "check that the database runs, that its disk has room and that the user of "
                  + open.database().product()
                  + " may write"));
    }
  }

  @Override
  public List<SessionRecord> listAllSessions() throws InterruptedException {
    return stores().sessions().all();
  }

  @Override
  public Optional<StoredSession> loadSession(SessionId id) throws InterruptedException {
    Stores open = stores();
    return open.database()
        .read(
            "loading session " + id,
            tx -> {
              Optional<Long> key = SessionTable.key(tx, id);
              Optional<SessionRecord> record = SessionTable.find(tx, id);
              if (key.isEmpty() || record.isEmpty()) {
                return Optional.<StoredSession>empty();
              }
              return Optional.of(
                  new StoredSession(
                      record.get(),
                      StoredTexts.load(tx, key.get()),
                      open.files().list(tx, id, key.get())));
            });
  }

  @Override
  public Optional<SessionRecord> loadSessionRecord(SessionId id) throws InterruptedException {
    return stores().sessions().load(id);
  }

  @Override
  public void createSessionRecord(SessionRecord session) throws InterruptedException {
    stores().sessions().create(session);
  }

  @Override
  public void updateSessionRecord(RecordUpdate update) throws InterruptedException {
    stores().sessions().update(update);
  }

  @Override
  public void saveTranscript(TranscriptWrite write) throws InterruptedException {
    stores().texts().save(write);
  }

  @Override
  public void saveWorkspaceFile(FileWrite write) throws InterruptedException {
    stores().files().save(write);
  }

  @Override
  public void deleteSessionFile(FileRemoval removal) throws InterruptedException {
    stores().files().delete(removal);
  }

  @Override
  public List<ProfileSummary> listAgentProfiles() throws InterruptedException {
    return stores().profiles().list();
  }

  @Override
  public Optional<AgentProfile> loadAgentProfile(String profileId) throws InterruptedException {
    return stores().profiles().load(profileId);
  }

  @Override
  public EventStore events() {
    return stores().events();
  }

  @Override
  public TranscriptStore transcripts() {
    return stores().transcripts();
  }

  @Override
  public WorkspaceStore workspaces() {
    return stores().workspaces();
  }

  @Override
  public ProfileStore profiles() {
    return stores().profiles();
  }

  @Override
  public SessionPage query(SessionQuery query) throws InterruptedException {
    return stores().pages().query(query);
  }

  @Override
  public void deleteSession(SessionId id) throws InterruptedException {
    stores().removal().delete(id);
  }

  @Override
  public LeaseStore leases() {
    return stores().leases();
  }
}
