// SPDX-License-Identifier: MIT

package io.agentruntime.core.session;

import io.agentruntime.core.RuntimeConfig;
import io.agentruntime.core.event.EventLog;
import io.agentruntime.core.event.SessionLog;
import io.agentruntime.core.provider.Providers;
import io.agentruntime.core.sandbox.AgentEnvironment;
import io.agentruntime.core.sandbox.CommandRunner;
import io.agentruntime.core.sandbox.SandboxPreparer;
import io.agentruntime.core.sandbox.SandboxSelection;
import io.agentruntime.core.sandbox.SandboxSource;
import io.agentruntime.core.secret.SecretMask;
import io.agentruntime.core.state.Mailbox;
import io.agentruntime.core.state.SerialWorker;
import io.agentruntime.core.state.SessionFold;
import io.agentruntime.core.state.SessionOptions;
import io.agentruntime.core.state.SessionScope;
import io.agentruntime.core.store.SessionStorage;
import io.agentruntime.core.store.SessionStore;
import io.agentruntime.core.workspace.TranscriptKeeper;
import io.agentruntime.core.workspace.WorkspaceKeeper;
import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import io.agentruntime.model.conversation.Conversation;
import io.agentruntime.model.event.EventEnvelope;
import io.agentruntime.model.event.SessionEvent;
import io.agentruntime.model.profile.AgentProfile;
import io.agentruntime.model.session.SessionId;
import io.agentruntime.model.session.SessionRecord;
import io.agentruntime.spi.architecture.AgentArchitecture;
import io.agentruntime.spi.architecture.TranscriptCodec;
import io.agentruntime.spi.persistence.EventPage;
import io.agentruntime.spi.persistence.Lease;
import io.agentruntime.spi.persistence.LeaseEpoch;
import io.agentruntime.spi.persistence.PersistenceCapability;
import java.io.IOException;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** Brings stored sessions into memory. Thread-safe; loading one never waits for another. */
final class SessionLoader {
  private static final int PAGE = 2_000;

  private final RuntimeConfig config;
  private final Providers providers;
  private final SessionStore store;
  private final EventLog log;
  private final AgentEnvironment environment;
  private final InstantSource clock;
  private final String owner;
  private final CommandRunner commands = new CommandRunner();
  private final SandboxSource sandboxes;

  SessionLoader(
      RuntimeConfig config,
      Providers providers,
      SessionStore store,
      EventLog log,
      SandboxSelection selection,
      InstantSource clock,
      String owner,
      String process) {
    this.config = config;
    this.providers = providers;
    this.store = store;
    this.log = log;
    this.environment = new AgentEnvironment(config.secrets());
    this.clock = clock;
    this.owner = owner;
    this.sandboxes =
        new SandboxSource(selection, new SandboxPreparer(commands, process), environment);
  }

  /** Loads a session and starts its actor. */
  LiveSession load(SessionId id, SessionActor.Observer observer)
      throws IOException, InterruptedException {
    SessionRecord record =
        store
            .adapter()
            .loadSessionRecord(id)
            .orElseThrow(
                () ->
                    new AgentRuntimeException(
                        StandardError.SESSION_NOT_FOUND, "Session not found"));
    AgentArchitecture architecture = providers.architecture(record.architecture());
    AgentProfile profile =
        store
            .profile(record.profileId())
            .orElseThrow(
                () ->
                    new AgentRuntimeException(
                        StandardError.UNKNOWN_PROFILE,
                        "session "
                            + id
                            + " uses the agent profile '"
                            + record.profileId()
                            + "', which does not exist any more"));
    Lease lease = lease(id);
    try {
      return load(record, architecture, profile, lease, observer);
    } catch (IOException | InterruptedException | RuntimeException e) {
      if (lease != null) {
        store.adapter().leases().release(lease);
      }
      throw e;
    }
  }

  private LiveSession load(
      SessionRecord record,
      AgentArchitecture architecture,
      AgentProfile profile,
      @Nullable Lease lease,
      SessionActor.Observer observer)
      throws IOException, InterruptedException {
    SessionId id = record.id();
    LeaseEpoch epoch = lease == null ? LeaseEpoch.NONE : lease.epoch();
    SecretMask mask = environment.mask(architecture, profile);
    TranscriptCodec transcripts =
        architecture.transcripts(profile, SessionOptions.effective(profile, record));
    SessionStorage storage = store.open(id, epoch, transcripts);
    SessionFold committed = fold(record, transcripts, storage);
    SessionFold ahead = committed.copy();
    SessionLog sessionLog = log.open(id, epoch, committed, committed.lastSeq());
    Mailbox mailbox = new Mailbox();
    SessionScope scope =
        new SessionScope(
            id,
            config,
            architecture,
            profile,
            record.sandboxProvider(),
            epoch,
            sessionLog,
            store,
            storage,
            new WorkspaceKeeper(
                storage, config.workspace(), mask, config.dataDirectory().resolve("sync")),
            new TranscriptKeeper(storage, id, transcripts, mask, commands),
            mask,
            mailbox,
            new SerialWorker("session-" + id + "-worker", mailbox),
            new SerialWorker("session-" + id + "-records", mailbox),
            clock);
    SessionActor actor = new SessionActor(scope, sandboxes, ahead, committed, observer);
    sessionLog.onFenced(actor::abandonOwnership);
    actor.start();
    return new LiveSession(scope, committed, actor, lease);
  }

  /** Whether a log began when there was a transcript already, which alone tells what was before. */
  private static boolean followsATranscript(EventPage page) {
    return !page.events().isEmpty()
        && page.events().getFirst().event() instanceof SessionEvent.ContextRestored restored
        && restored.fidelity().equals(SessionRecovery.IMPORTED);
  }

  private SessionFold fold(
      SessionRecord record, TranscriptCodec transcripts, SessionStorage storage)
      throws IOException, InterruptedException {
    SessionId id = record.id();
    long last = log.store().last(id);
    EventPage page = log.store().read(id, 0, PAGE);
    boolean whole = page.complete() && last > 0 && !followsATranscript(page);
    Conversation base = whole ? Conversation.EMPTY : transcripts.decode(storage.transcript());
    SessionFold fold = new SessionFold(record, base);
    log.essentials(id).forEach(fold::skip);
    while (!page.events().isEmpty()) {
      for (EventEnvelope envelope : page.events()) {
        if (whole) {
          fold.apply(envelope);
        } else {
          fold.skip(envelope);
        }
      }
      page = log.store().read(id, page.events().getLast().seq(), PAGE);
    }
    fold.reloaded(record, storage.files());
    return fold;
  }

  private @Nullable Lease lease(SessionId id) throws InterruptedException {
    if (!store.has(PersistenceCapability.LEASES)) {
      return null;
    }
    return store
        .adapter()
        .leases()
        .acquire(id, owner, config.lease())
        .orElseThrow(
            () ->
                new AgentRuntimeException(
                    StandardError.FENCED, "session " + id + " is owned by another server"));
  }
}
