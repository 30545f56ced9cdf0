// SPDX-License-Identifier: MIT

package io.agentruntime.testkit.persistence;

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
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A store that fails or hangs on command and is the wrapped one otherwise. Thread-safe.
 *
 * <p>What fails, fails with {@code STORE_UNAVAILABLE}. Appends are judged by both {@link
 * #failAppends} and {@link #failWrites}; A call that hangs goes on when {@link #heal} is called, or
 * ends when its thread is interrupted.
 */
public final class FaultyPersistence implements PersistenceAdapter {
  private final PersistenceAdapter delegate;
  private final Gate appends = new Gate("append");
  private final Gate replies = new Gate("reply to an append");
  private final Gate writes = new Gate("write");
  private final Gate reads = new Gate("read");
  private final Gate leases = new Gate("lease operation");

  /** Wraps a store; closing this closes that. */
  public FaultyPersistence(PersistenceAdapter delegate) {
    this.delegate = delegate;
  }

  /** The next appends fail before they do anything: each batch gets a {@code Failed}. */
  public void failAppends(int calls) {
    appends.fail(calls);
  }

  /** All appends fail, until healed, before they do anything. */
  public void failAppends() {
    appends.fail();
  }

  /** The next appends happen, but their caller is told that they failed. */
  public void loseReplies(int calls) {
    replies.fail(calls);
  }

  /** All appends wait until healed. */
  public void hangAppends() {
    appends.shut();
  }

  /** All writes fail until healed: appends, records, transcripts, files, manifests, deletions. */
  public void failWrites() {
    writes.fail();
  }

  /** The next writes fail. */
  public void failWrites(int calls) {
    writes.fail(calls);
  }

  /** All writes wait until healed. */
  public void hangWrites() {
    writes.shut();
  }

  /** All reads fail until healed. */
  public void failReads() {
    reads.fail();
  }

  /** All reads wait until healed. */
  public void hangReads() {
    reads.shut();
  }

  /** All lease operations fail until healed. */
  public void failLeases() {
    leases.fail();
  }

  /** Everything works again, and what hung goes on. */
  public void heal() {
    for (Gate gate : List.of(appends, replies, writes, reads, leases)) {
      gate.open();
    }
  }

  /** Waits until appends hang; fails the test when the deadline passes. */
  public void awaitHangingAppends(int calls, Duration deadline) throws InterruptedException {
    appends.awaitWaiting(calls, deadline);
  }

  /** Waits until writes hang; fails the test when the deadline passes. */
  public void awaitHangingWrites(int calls, Duration deadline) throws InterruptedException {
    writes.awaitWaiting(calls, deadline);
  }

  @Override
  public String id() {
    // Beside the delegate's own kind on the class path it needs a name of its own.
    return "faulty-" + delegate.id();
  }

  @Override
  public void open(ProviderContext context) throws InterruptedException {
    delegate.open(context);
  }

  @Override
  public void close() {
    heal();
    delegate.close();
  }

  @Override
  public Set<PersistenceCapability> capabilities() {
    return delegate.capabilities();
  }

  @Override
  public List<SessionRecord> listAllSessions() throws InterruptedException {
    reads.pass();
    return delegate.listAllSessions();
  }

  @Override
  public Optional<StoredSession> loadSession(SessionId id) throws InterruptedException {
    reads.pass();
    return delegate.loadSession(id);
  }

  @Override
  public Optional<SessionRecord> loadSessionRecord(SessionId id) throws InterruptedException {
    reads.pass();
    return delegate.loadSessionRecord(id);
  }

  @Override
  public void createSessionRecord(SessionRecord session) throws InterruptedException {
    writes.pass();
    delegate.createSessionRecord(session);
  }

  @Override
  public void updateSessionRecord(RecordUpdate update) throws InterruptedException {
    writes.pass();
    delegate.updateSessionRecord(update);
  }

  @Override
  public void saveTranscript(TranscriptWrite write) throws InterruptedException {
    writes.pass();
    delegate.saveTranscript(write);
  }

  @Override
  public void saveWorkspaceFile(FileWrite write) throws InterruptedException {
    writes.pass();
    delegate.saveWorkspaceFile(write);
  }

  @Override
  public void deleteSessionFile(FileRemoval removal) throws InterruptedException {
    writes.pass();
    delegate.deleteSessionFile(removal);
  }

  @Override
  public List<ProfileSummary> listAgentProfiles() throws InterruptedException {
    reads.pass();
    return delegate.listAgentProfiles();
  }

  @Override
  public Optional<AgentProfile> loadAgentProfile(String profileId) throws InterruptedException {
    reads.pass();
    return delegate.loadAgentProfile(profileId);
  }

  @Override
  public EventStore events() {
    return new FaultyEventStore(delegate.events(), appends, replies, writes, reads);
  }

  @Override
  public TranscriptStore transcripts() {
    return new FaultyTranscriptStore(delegate.transcripts(), writes, reads);
  }

  @Override
  public WorkspaceStore workspaces() {
    return new FaultyWorkspaceStore(delegate.workspaces(), writes, reads);
  }

  @Override
  public ProfileStore profiles() {
    return delegate.profiles();
  }

  @Override
  public SessionPage query(SessionQuery query) throws InterruptedException {
    reads.pass();
    return delegate.query(query);
  }

  @Override
  public void deleteSession(SessionId id) throws InterruptedException {
    writes.pass();
    delegate.deleteSession(id);
  }

  @Override
  public LeaseStore leases() {
    return new FaultyLeaseStore(delegate.leases(), leases);
  }
}
