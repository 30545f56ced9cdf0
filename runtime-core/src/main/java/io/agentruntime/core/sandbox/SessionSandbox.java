// SPDX-License-Identifier: MIT

package io.agentruntime.core.sandbox;

import io.agentruntime.core.state.SessionJournal;
import io.agentruntime.core.state.SessionOptions;
import io.agentruntime.core.state.SessionScope;
import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import io.agentruntime.model.session.SandboxState;
import io.agentruntime.model.session.SandboxStatus;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A session's lease on its sandbox: created when first needed, checked, synced and ended. Confined
 * to the session's actor; blocking work is done by the serial worker.
 */
public final class SessionSandbox {
  private static final Logger log = LoggerFactory.getLogger(SessionSandbox.class);

  private final SessionScope scope;
  private final SandboxSource source;
  private final SessionJournal journal;
  private final Runnable statusChanged;
  private final SandboxHold hold;
  private final SandboxMaking making;
  private final WorkspaceSync sync;
  private @Nullable SandboxState state;
  private @Nullable PreparedSandbox prepared;
  private @Nullable Object preparing;
  private boolean adopting;
  private int created;

  /**
   * No sandbox yet.
   *
   * @param source where it comes from
   * @param statusChanged called when there is something new to say about it
   */
  public SessionSandbox(
      SessionScope scope, SessionJournal journal, SandboxSource source, Runnable statusChanged) {
    this.scope = scope;
    this.source = source;
    this.journal = journal;
    this.statusChanged = statusChanged;
    this.hold = new SandboxHold(scope.id());
    this.making = new SandboxMaking(scope, source, hold);
    this.sync = new WorkspaceSync(scope, journal, this);
  }

  /** What is known of the sandbox, null when there was none. */
  public @Nullable SandboxState state() {
    return state;
  }

  /** The live sandbox, null when there is none. */
  public @Nullable PreparedSandbox prepared() {
    return prepared;
  }

  public boolean isPreparing() {
    return preparing != null;
  }

  /** Prepares a sandbox and calls back with it or with why there is none. */
  public void prepare(BiConsumer<@Nullable PreparedSandbox, @Nullable AgentRuntimeException> done) {
    SandboxMaking.Wish wish = wish();
    Preparing progress = new Preparing(source.selection().expected(scope.sandboxProvider()));
    status(progress.provider, null, SandboxStatus.STARTING, "Preparing...");
    preparing =
        scope
            .worker()
            .submit(
                () -> making.make(wish, progress),
                (result, error) -> {
                  preparing = null;
                  if (result != null) {
                    prepared = result;
                    created++;
                    status(progress.provider, result.sandbox().id(), SandboxStatus.READY, "Ready");
                    done.accept(result, null);
                  } else {
                    AgentRuntimeException why =
                        error == null
                            ? new AgentRuntimeException(
                                StandardError.SANDBOX_FAILED, "the sandbox was not prepared")
                            : error;
                    failed(progress.provider, why);
                    done.accept(null, why);
                  }
                });
  }

  /**
   * Takes over the sandbox that an earlier server left; calls back with it, or with null when it is
   * gone.
   */
  public void adopt(SandboxState left, Consumer<@Nullable PreparedSandbox> done) {
    String id = left.id();
    if (id == null || left.status() == SandboxStatus.TERMINATED) {
      done.accept(null);
      return;
    }
    SandboxMaking.Wish wish = wish();
    state = left;
    adopting = true;
    preparing =
        scope
            .worker()
            .submit(
                () -> making.adopt(wish, left.provider(), id),
                (result, error) -> {
                  preparing = null;
                  adopting = false;
                  if (result != null) {
                    prepared = result;
                    created++;
                    status(left.provider(), id, SandboxStatus.READY, "Ready");
                  } else {
                    String why = error == null ? "not found" : error.getMessage();
                    log.info("session {}: its sandbox is not there any more: {}", scope.id(), why);
                    state = left.with(SandboxStatus.TERMINATED, "Terminated: " + why);
                    statusChanged.run();
                  }
                  done.accept(result);
                });
  }

  private SandboxMaking.Wish wish() {
    return new SandboxMaking.Wish(
        journal.fold().lastSeq(),
        SessionOptions.effective(scope.profile(), journal.fold().record()),
        journal.fold().nativeId());
  }

  /** Gives up preparing a new sandbox; one that is taken over may hold what is stored nowhere. */
  public void cancelPreparing() {
    Object job = preparing;
    if (job != null && !adopting) {
      scope.worker().interrupt(job);
    }
  }

  /** Ends the sandbox, if there is one or will be one, without a word: the session is another's. */
  public void abandon() {
    hold.abandon();
  }

  /** Takes the sandbox as gone. */
  public void lost(String reason) {
    PreparedSandbox gone = prepared;
    if (gone == null) {
      return;
    }
    prepared = null;
    SandboxState known = state;
    if (known != null) {
      state =
          new SandboxState(
              known.id(),
              known.provider(),
              SandboxStatus.TERMINATED,
              "Terminated: " + reason,
              created,
              known.lastHealthCheck(),
              reason);
      statusChanged.run();
    }
    // It may only be unreachable: what is left of it must not stay.
    scope
        .worker()
        .submit(
            () -> {
              SandboxEnding.end(gone.sandbox());
              return Boolean.TRUE;
            },
            (done, error) -> {
              if (error != null) {
                log.info("session {}: {}", scope.id(), error.getMessage());
              }
            });
  }

  /** Asks whether the sandbox is alive; calls back only when it is not. */
  public void checkHealth(Consumer<String> dead) {
    PreparedSandbox current = prepared;
    if (current == null) {
      return;
    }
    scope
        .worker()
        .submit(
            () -> current.sandbox().isAlive(),
            (alive, error) -> {
              if (prepared != current) {
                return;
              }
              if (Boolean.FALSE.equals(alive)) {
                dead.accept("the sandbox does not run any more");
              } else if (Boolean.TRUE.equals(alive)) {
                healthy();
              }
            });
  }

  private void healthy() {
    SandboxState known = state;
    if (known != null) {
      state =
          new SandboxState(
              known.id(),
              known.provider(),
              known.status(),
              known.message(),
              known.restarts(),
              scope.clock().instant(),
              known.lastError());
    }
  }

  /** Looks for changed files soon; requests that come while one runs become one more. */
  public void scanSoon() {
    sync.scanSoon();
  }

  /**
   * Stores what changed.
   *
   * @param transcript whether the transcript too
   * @param done called with why it failed, or null
   */
  public void sync(boolean transcript, Consumer<@Nullable AgentRuntimeException> done) {
    sync.sync(transcript, done);
  }

  /** Ends the sandbox; no error when there is none. */
  public void terminate(String reason, Consumer<@Nullable AgentRuntimeException> done) {
    PreparedSandbox current = prepared;
    if (current == null) {
      done.accept(null);
      return;
    }
    prepared = null;
    scope
        .worker()
        .submit(
            () -> {
              SandboxEnding.end(current.sandbox());
              return Boolean.TRUE;
            },
            (ended, error) -> {
              SandboxState known = state;
              if (known != null) {
                state = known.with(SandboxStatus.TERMINATED, "Terminated: " + reason);
                statusChanged.run();
              }
              done.accept(error);
            });
  }

  private void failed(String provider, AgentRuntimeException error) {
    state =
        new SandboxState(
            null,
            provider,
            SandboxStatus.ERROR,
            scope.mask().mask(error.getMessage()),
            created,
            null,
            scope.mask().mask(error.getMessage()));
    statusChanged.run();
  }

  private void status(
      String provider, @Nullable String id, SandboxStatus status, @Nullable String message) {
    state = new SandboxState(id, provider, status, message, Math.max(0, created - 1), null, null);
    statusChanged.run();
  }

  /** How far a preparation is: the worker tells, the actor shows. */
  private final class Preparing implements SandboxMaking.Progress {
    private volatile String provider;

    Preparing(String expected) {
      provider = expected;
    }

    @Override
    public void chosen(String chosen) {
      provider = chosen;
    }

    @Override
    public void step(String by, @Nullable String sandboxId, String message) {
      scope.mailbox().signal(() -> status(by, sandboxId, SandboxStatus.STARTING, message));
    }
  }
}
