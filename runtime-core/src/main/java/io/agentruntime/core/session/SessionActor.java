package io.agentruntime.core.session;

import io.agentruntime.core.event.Draft;
import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import io.agentruntime.model.block.Block;
import io.agentruntime.model.block.BlockStatus;
import io.agentruntime.model.conversation.ConversationId;
import io.agentruntime.model.event.EventEnvelope;
import io.agentruntime.model.event.PermissionAnswer;
import io.agentruntime.model.event.SessionEvent;
import io.agentruntime.model.session.RuntimeState;
import io.agentruntime.model.session.SessionUpdate;
import io.agentruntime.model.turn.DeliveryMode;
import io.agentruntime.model.turn.MessageId;
import io.agentruntime.model.turn.TurnId;
import io.agentruntime.spi.architecture.ArchitectureCapability;
import io.agentruntime.spi.persistence.RecordUpdate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The only writer of one session's state: a virtual thread that takes one thing after the other out
 * of its mailbox and never waits for a turn, a sandbox, the store or a client.
 */
final class SessionActor implements TurnDriver.Listener {
  private static final Logger log = LoggerFactory.getLogger(SessionActor.class);

  /** What the directory wants to know; called on the actor's thread, must return at once. */
  interface Observer {
    /** The session has been idle for as long as it may. */
    void idle();

    /** Record or runtime state changed. */
    void changed();

    /** The actor has ended, for whatever reason. */
    void stopped();
  }

  private final SessionScope scope;
  private final SessionFold committed;
  private final SessionJournal journal;
  private final SessionSandbox sandbox;
  private final TurnDriver driver;
  private final Observer observer;
  private final Thread thread;
  private final CompletableFuture<@Nullable Void> stopped = new CompletableFuture<>();
  private final List<Runnable> onTurnEnd = new ArrayList<>();
  private final List<MessageId> first = new ArrayList<>();
  private CompletableFuture<@Nullable Void> stopResult = new CompletableFuture<>();
  private volatile boolean leaving;
  private boolean running = true;
  private boolean draining;
  private boolean stopping;
  private int holding;
  private boolean syncing;
  private long lastWork = System.nanoTime();
  private long lastSync = System.nanoTime();
  private long lastHealth = System.nanoTime();
  private boolean idleReported;

  /**
   * An actor that is not started.
   *
   * @param scope what its parts share
   * @param ahead the state with everything appended, this actor's own
   * @param committed the state with everything committed, guarded by the log's lock
   * @param observer the directory
   */
  SessionActor(SessionScope scope, SessionFold ahead, SessionFold committed, Observer observer) {
    this.scope = scope;
    this.committed = committed;
    this.observer = observer;
    this.journal = new SessionJournal(scope.log(), ahead);
    this.sandbox = new SessionSandbox(scope, journal, this::statusChanged);
    this.driver = new TurnDriver(scope, journal, sandbox, this);
    this.thread = Thread.ofVirtual().name("session-" + scope.id()).unstarted(this::run);
  }

  void start() {
    scope.mailbox().signal(this::recover);
    thread.start();
  }

  /** Whether it takes nothing any more. */
  boolean hasStopped() {
    return stopped.isDone();
  }

  /** Takes the session as used, so that it is not idle for a while. */
  void requestUse() {
    scope.mailbox().signal(this::worked);
  }

  /** {@link #drain()} from any thread. */
  void requestDrain() {
    scope.mailbox().signal(this::drain);
  }

  /** {@link #stop} from any thread. */
  CompletableFuture<@Nullable Void> requestStop(String reason, boolean withdraw, boolean force) {
    CompletableFuture<@Nullable Void> result = new CompletableFuture<>();
    scope
        .mailbox()
        .signal(
            () -> {
              if (!running) {
                result.complete(null);
                return;
              }
              stop(reason, withdraw, force)
                  .whenComplete(
                      (done, error) -> {
                        if (error == null) {
                          result.complete(null);
                        } else {
                          result.completeExceptionally(error);
                        }
                      });
            });
    if (stopped.isDone()) {
      result.complete(null);
    }
    return result;
  }

  /** Whether it is about to stop: no new use may be made of it. */
  boolean isLeaving() {
    return leaving || stopped.isDone();
  }

  /** Begins to stop unless something came up; whether it did. */
  CompletableFuture<Boolean> requestStopIfQuiet(String reason) {
    return ask(
        () -> {
          if (!isQuiet()) {
            worked();
            return false;
          }
          CompletableFuture<@Nullable Void> begun = stop(reason, false, false);
          log.trace("session {}: leaving, {}", scope.id(), begun);
          return true;
        });
  }

  /** Waits until no turn runs; returns early when that takes too long. */
  void awaitNoTurn(Duration timeout) throws InterruptedException {
    CompletableFuture<Boolean> idle = new CompletableFuture<>();
    scope
        .mailbox()
        .signal(
            () -> {
              if (driver.active() == null) {
                idle.complete(true);
              } else {
                onTurnEnd.add(() -> idle.complete(true));
              }
            });
    try {
      idle.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      log.info("session {}: its turn is interrupted by the shutdown", scope.id());
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Does something on the actor's thread and gives its result. */
  <T> CompletableFuture<T> ask(Supplier<T> action) {
    CompletableFuture<T> result = new CompletableFuture<>();
    boolean accepted =
        scope
            .mailbox()
            .request(
                () -> {
                  if (!running) {
                    result.completeExceptionally(closed());
                    return;
                  }
                  try {
                    result.complete(action.get());
                  } catch (RuntimeException e) {
                    result.completeExceptionally(e);
                  }
                });
    if (!accepted) {
      result.completeExceptionally(
          new AgentRuntimeException(
              StandardError.QUEUE_FULL, "session " + scope.id() + " has too many requests"));
    } else if (stopped.isDone()) {
      result.completeExceptionally(closed());
    }
    return result;
  }

  MessageReceipt send(MessageRequest message) {
    String key = message.idempotencyKey();
    String hash = ContentDigest.of(message.content());
    if (key != null) {
      SessionFold.Accepted known = journal.fold().accepted(key).orElse(null);
      if (known != null) {
        if (!known.bodyHash().equals(hash)) {
          throw new AgentRuntimeException(
              StandardError.IDEMPOTENCY_CONFLICT,
              "another message was accepted under this idempotency key before");
        }
        return new MessageReceipt(known.messageId(), true);
      }
    }
    refuseWhileStopping();
    ActiveTurn active = driver.active();
    List<QueuedMessage> waiting = journal.fold().queue();
    if (message.mode() == DeliveryMode.REJECT && (active != null || !waiting.isEmpty())) {
      throw new AgentRuntimeException(
          StandardError.TURN_IN_PROGRESS, "session " + scope.id() + " is busy with a turn");
    }
    if (message.mode() == DeliveryMode.STEER
        && !scope.architecture().capabilities().contains(ArchitectureCapability.STEER)) {
      throw AgentRuntimeException.unsupported(
          scope.architecture().id(), ArchitectureCapability.STEER);
    }
    if (waiting.size() >= scope.config().maxQueuedMessages()) {
      throw new AgentRuntimeException(
          StandardError.QUEUE_FULL,
          "session " + scope.id() + " has " + waiting.size() + " waiting messages already");
    }
    MessageId id =
        key == null ? new MessageId(UUID.randomUUID().toString()) : MessageId.of(scope.id(), key);
    journal.append(
        null, new SessionEvent.TurnQueued(id, message.content(), message.mode(), key, hash));
    deliver(new QueuedMessage(id, message.content(), message.mode()), active);
    return new MessageReceipt(id, false);
  }

  private void deliver(QueuedMessage message, @Nullable ActiveTurn active) {
    worked();
    if (message.mode() == DeliveryMode.INTERRUPT && active != null) {
      first.addFirst(message.messageId());
      driver.interrupt();
    } else if (message.mode() == DeliveryMode.STEER
        && active != null
        && active.begun()
        && !active.interrupted()) {
      journal.append(
          active.id(), new SessionEvent.TurnCancelled(message.messageId(), "given to the turn"));
      driver.steer(message);
      return;
    }
    nextTurn();
    if (active != null) {
      statusChanged();
    }
  }

  boolean interrupt() {
    if (driver.active() == null) {
      return false;
    }
    driver.interrupt();
    return true;
  }

  boolean cancel(MessageId id) {
    boolean waits = journal.fold().queue().stream().anyMatch(m -> m.messageId().equals(id));
    if (waits) {
      journal.append(null, new SessionEvent.TurnCancelled(id, "withdrawn"));
      statusChanged();
    }
    return waits;
  }

  @Nullable Void reorder(List<MessageId> order) {
    List<MessageId> waiting =
        journal.fold().queue().stream().map(QueuedMessage::messageId).toList();
    if (order.size() != waiting.size() || !new HashSet<>(order).equals(new HashSet<>(waiting))) {
      throw AgentRuntimeException.invalid("order", "every waiting message exactly once");
    }
    journal.append(null, new SessionEvent.QueueReordered(order));
    return null;
  }

  @Nullable Void answer(PermissionAnswer answer) {
    if (journal.fold().permissions().stream()
        .noneMatch(request -> request.requestId().equals(answer.requestId()))) {
      throw new AgentRuntimeException(
          StandardError.PERMISSION_NOT_FOUND,
          "no permission request " + answer.requestId() + " is open");
    }
    worked();
    driver.answer(answer);
    return null;
  }

  /** Changes the record; done when that is stored. */
  CompletableFuture<@Nullable Void> update(SessionUpdate update) {
    if (update.options() != null) {
      scope.architecture().validate(scope.profile(), update.options());
      journal.append(null, new SessionEvent.OptionsUpdated(update.options()));
    }
    journal.fold().record(journal.fold().record().with(update));
    return storeRecord(update);
  }

  CompletableFuture<@Nullable Void> sync() {
    CompletableFuture<@Nullable Void> done = new CompletableFuture<>();
    syncThen(error -> settle(done, error));
    return done;
  }

  CompletableFuture<@Nullable Void> terminateSandbox(String reason) {
    return terminateSandbox(reason, false);
  }

  /**
   * Ends the sandbox after a sync.
   *
   * @param reason for its status
   * @param force whether it ends even when the store cannot take what changed
   */
  private CompletableFuture<@Nullable Void> terminateSandbox(String reason, boolean force) {
    CompletableFuture<@Nullable Void> done = new CompletableFuture<>();
    holding++;
    whenNoTurn(
        () -> {
          sandbox.cancelPreparing();
          // A barrier: whatever the worker had to do before has reported by then.
          afterWorker(
              () ->
                  syncThen(
                      failure -> {
                        if (failure != null && !force && keepsChanges(failure)) {
                          holding--;
                          settle(done, failure);
                          nextTurn();
                          return;
                        }
                        driver.close();
                        sandbox.terminate(
                            reason,
                            error -> {
                              holding--;
                              settle(done, error);
                              nextTurn();
                            });
                      }));
        });
    return done;
  }

  /** Whether ending the sandbox now would lose what a later sync can still store. */
  private static boolean keepsChanges(AgentRuntimeException failure) {
    return failure.code().retryable() && failure.code() != StandardError.SANDBOX_LOST;
  }

  private void afterWorker(Runnable action) {
    scope.worker().submit(() -> Boolean.TRUE, (done, error) -> action.run());
  }

  /** Whether nothing runs and nothing waits. */
  boolean isQuiet() {
    return driver.active() == null && journal.fold().queue().isEmpty();
  }

  /** Begins no further turns; a running one goes on. */
  @Nullable Void drain() {
    draining = true;
    return null;
  }

  /**
   * Ends everything: the turn, the sandbox, the actor.
   *
   * @param reason for the sandbox's status
   * @param withdraw whether waiting messages are withdrawn rather than kept for the next load
   */
  CompletableFuture<@Nullable Void> stop(String reason, boolean withdraw, boolean force) {
    if (!stopping) {
      stopping = true;
      draining = true;
      leaving = true;
      driver.letGo();
      sandbox.cancelPreparing();
      if (withdraw) {
        journal.fold().queue().forEach(message -> cancel(message.messageId()));
      }
      stopResult = new CompletableFuture<>();
      CompletableFuture<@Nullable Void> ended =
          terminateSandbox(reason, force)
              .whenComplete(
                  (done, error) -> scope.mailbox().signal(() -> stopDecided(error, force)));
      log.trace("session {}: stopping, {}", scope.id(), ended);
    }
    return stopResult;
  }

  private void stopDecided(@Nullable Throwable error, boolean force) {
    if (error instanceof AgentRuntimeException failure && !force && keepsChanges(failure)) {
      log.warn("session {} stays: {}", scope.id(), failure.getMessage());
      stopping = false;
      draining = false;
      leaving = false;
      worked();
      stopResult.completeExceptionally(failure);
      nextTurn();
    } else {
      afterWorker(this::finishStop);
    }
  }

  private void finishStop() {
    appendSafely(new SessionEvent.StatusChanged(RuntimeState.UNLOADED));
    running = false;
    stopResult.complete(null);
  }

  /** Ends the actor without touching store or sandbox, because another owner has the session. */
  void abandonOwnership() {
    scope
        .mailbox()
        .signal(
            () -> {
              leaving = true;
              driver.close();
              running = false;
            });
  }

  private void run() {
    try {
      loop();
    } finally {
      leaving = true;
      driver.close();
      scope.worker().stop();
      stopped.complete(null);
      stopResult.complete(null);
      drainRequests();
      observer.stopped();
    }
  }

  private void loop() {
    while (running) {
      try {
        Runnable action = scope.mailbox().next(Duration.ofNanos(untilNextDeadline()));
        if (action != null) {
          action.run();
        }
        tick();
      } catch (InterruptedException e) {
        log.warn("session {}: the actor was interrupted and goes on", scope.id());
      } catch (AgentRuntimeException e) {
        log.error("session {}: {}", scope.id(), e.getMessage(), e);
        if (e.code() == StandardError.FENCED) {
          running = false;
        }
      } catch (RuntimeException e) {
        log.error("session {}: an unexpected failure", scope.id(), e);
      }
    }
  }

  private void drainRequests() {
    try {
      for (Runnable left = scope.mailbox().next(Duration.ZERO);
          left != null;
          left = scope.mailbox().next(Duration.ZERO)) {
        runLeft(left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void runLeft(Runnable left) {
    try {
      left.run();
    } catch (RuntimeException e) {
      log.debug("session {}: left undone: {}", scope.id(), e.getMessage());
    }
  }

  /** What an earlier owner left: a turn that cannot go on, and messages that wait. */
  private void recover() {
    MessageId open = journal.fold().openTurn().orElse(null);
    if (open != null) {
      journal
          .fold()
          .openBlocks()
          .forEach((conversation, blocks) -> blocks.forEach(b -> closeBlock(conversation, b)));
      journal
          .fold()
          .permissions()
          .forEach(
              request ->
                  journal.append(
                      new TurnId(open.value()),
                      new SessionEvent.PermissionResolved(
                          new PermissionAnswer(
                              request.requestId(),
                              false,
                              null,
                              "the turn has ended",
                              "turn-end"))));
      journal.append(
          new TurnId(open.value()),
          new SessionEvent.TurnFailed(
              open, StandardError.SANDBOX_LOST.name(), "the server ended during the turn", null));
    }
    nextTurn();
  }

  private void closeBlock(ConversationId conversation, Block block) {
    Block closed = OpenBlocks.close(block, BlockStatus.ERROR);
    journal.append(
        List.of(
            new Draft(
                conversation,
                null,
                EventEnvelope.NOT_PROTOCOL,
                new SessionEvent.BlockCompleted(closed))));
  }

  @Override
  public void statusChanged() {
    ActiveTurn current = driver.active();
    ActiveTurn begun = current != null && current.begun() ? current : null;
    appendSafely(
        new SessionEvent.StatusChanged(
            new RuntimeState(
                true,
                sandbox.state(),
                begun == null ? null : begun.id(),
                begun == null ? null : begun.since(),
                journal.fold().queue().size())));
    observer.changed();
  }

  @Override
  public void turnEnded() {
    worked();
    statusChanged();
    CompletableFuture<@Nullable Void> recorded =
        storeRecord(SessionUpdate.activity(scope.clock().instant()));
    log.trace("session {}: a turn ended, recorded {}", scope.id(), recorded);
    syncThen(ignored -> {});
    List<Runnable> waiting = List.copyOf(onTurnEnd);
    onTurnEnd.clear();
    waiting.forEach(Runnable::run);
    nextTurn();
  }

  private void nextTurn() {
    if (driver.active() != null || draining || holding > 0) {
      return;
    }
    List<QueuedMessage> queue = journal.fold().queue();
    if (queue.isEmpty()) {
      return;
    }
    QueuedMessage next = queue.getFirst();
    while (!first.isEmpty()) {
      MessageId wanted = first.removeFirst();
      QueuedMessage preferred =
          queue.stream().filter(m -> m.messageId().equals(wanted)).findFirst().orElse(null);
      if (preferred != null) {
        next = preferred;
        break;
      }
    }
    driver.start(next);
  }

  private void whenNoTurn(Runnable action) {
    if (driver.active() == null) {
      action.run();
    } else {
      onTurnEnd.add(action);
      driver.interrupt();
    }
  }

  private void syncThen(java.util.function.Consumer<@Nullable AgentRuntimeException> done) {
    lastSync = System.nanoTime();
    syncing = true;
    sandbox.sync(
        true,
        error -> {
          syncing = false;
          done.accept(error);
        });
  }

  private CompletableFuture<@Nullable Void> storeRecord(SessionUpdate update) {
    CompletableFuture<@Nullable Void> stored = new CompletableFuture<>();
    scope
        .worker()
        .submit(
            () -> {
              scope
                  .store()
                  .adapter()
                  .updateSessionRecord(new RecordUpdate(scope.id(), scope.epoch(), update));
              return Boolean.TRUE;
            },
            (done, error) -> {
              if (error == null) {
                scope
                    .log()
                    .read(
                        () -> {
                          committed.record(committed.record().with(update));
                          return Boolean.TRUE;
                        });
                observer.changed();
              } else {
                log.warn(
                    "session {}: its record was not stored: {}", scope.id(), error.getMessage());
              }
              settle(stored, error);
            });
    return stored;
  }

  private long untilNextDeadline() {
    long now = System.nanoTime();
    long next = driver.deadline();
    boolean busy = driver.active() != null || !journal.fold().queue().isEmpty();
    if (!busy && !draining && !idleReported) {
      next = Math.min(next, lastWork + scope.config().idleTimeout().toNanos());
    }
    if (sandbox.prepared() != null) {
      next = Math.min(next, lastHealth + scope.config().healthInterval().toNanos());
      if (driver.active() != null && !syncing) {
        next = Math.min(next, lastSync + scope.config().syncInterval().toNanos());
      }
    }
    return next == Long.MAX_VALUE ? Duration.ofHours(1).toNanos() : Math.max(0, next - now);
  }

  private void tick() {
    long now = System.nanoTime();
    driver.tick(now);
    boolean busy = driver.active() != null || !journal.fold().queue().isEmpty();
    if (!busy
        && !draining
        && !idleReported
        && now - lastWork >= scope.config().idleTimeout().toNanos()) {
      idleReported = true;
      observer.idle();
    }
    if (sandbox.prepared() != null) {
      if (now - lastHealth >= scope.config().healthInterval().toNanos()) {
        lastHealth = now;
        sandbox.checkHealth(
            reason ->
                driver.sandboxLost(new AgentRuntimeException(StandardError.SANDBOX_LOST, reason)));
      }
      if (driver.active() != null
          && !syncing
          && now - lastSync >= scope.config().syncInterval().toNanos()) {
        syncThen(ignored -> {});
      }
    }
  }

  private void worked() {
    lastWork = System.nanoTime();
    idleReported = false;
  }

  private void refuseWhileStopping() {
    if (draining) {
      throw closed();
    }
  }

  private AgentRuntimeException closed() {
    return new AgentRuntimeException(
        StandardError.CLOSED, "session " + scope.id() + " is being unloaded; ask again");
  }

  private void appendSafely(SessionEvent event) {
    try {
      journal.append(null, event);
    } catch (AgentRuntimeException e) {
      log.warn("session {}: {}", scope.id(), e.getMessage());
      running = false;
    }
  }

  private static void settle(
      CompletableFuture<@Nullable Void> future, @Nullable AgentRuntimeException error) {
    if (error == null) {
      future.complete(null);
    } else {
      future.completeExceptionally(error);
    }
  }
}
