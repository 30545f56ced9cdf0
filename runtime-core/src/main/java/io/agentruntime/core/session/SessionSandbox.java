// SPDX-License-Identifier: MIT

package io.agentruntime.core.session;

import io.agentruntime.core.sandbox.PrepareRequest;
import io.agentruntime.core.sandbox.PreparedSandbox;
import io.agentruntime.core.sandbox.SandboxEnding;
import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import io.agentruntime.model.event.SessionEvent;
import io.agentruntime.model.session.SandboxState;
import io.agentruntime.model.session.SandboxStatus;
import io.agentruntime.spi.sandbox.Sandbox;
import io.agentruntime.spi.sandbox.SandboxProvider;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A session's lease on its sandbox: created when first needed, checked, synced and ended. Confined
 * to the session's actor; blocking work is done by the serial worker.
 */
final class SessionSandbox {
  private static final Logger log = LoggerFactory.getLogger(SessionSandbox.class);

  private final SessionScope scope;
  private final SessionJournal journal;
  private final Runnable statusChanged;
  private final SandboxHold hold;
  private @Nullable SandboxState state;
  private @Nullable PreparedSandbox prepared;
  private @Nullable Object preparing;
  private boolean adopting;
  private boolean scanning;
  private boolean scanAgain;
  private int created;

  /** Results of a sync. */
  private record Synced(List<SessionEvent> events, long transcriptBytes) {}

  /** What the actor knows when a sandbox is wanted; the worker must not ask it later. */
  private record Wish(long generation, Map<String, Object> options, @Nullable String nativeId) {}

  /** Which provider was chosen, once that is known. */
  private static final class ProviderName {
    private volatile String value;

    ProviderName(String value) {
      this.value = value;
    }

    String get() {
      return value;
    }

    void set(String chosen) {
      value = chosen;
    }
  }

  SessionSandbox(SessionScope scope, SessionJournal journal, Runnable statusChanged) {
    this.scope = scope;
    this.journal = journal;
    this.statusChanged = statusChanged;
    this.hold = new SandboxHold(scope.id());
  }

  /** What is known of the sandbox, null when there was none. */
  @Nullable SandboxState state() {
    return state;
  }

  /** The live sandbox, null when there is none. */
  @Nullable PreparedSandbox prepared() {
    return prepared;
  }

  boolean isPreparing() {
    return preparing != null;
  }

  /** Prepares a sandbox and calls back with it or with why there is none. */
  void prepare(BiConsumer<@Nullable PreparedSandbox, @Nullable AgentRuntimeException> done) {
    Wish wish = wish();
    ProviderName provider = new ProviderName(scope.selection().expected(scope.sandboxProvider()));
    status(provider.get(), null, SandboxStatus.STARTING, "Preparing...");
    preparing =
        scope
            .worker()
            .submit(
                () -> prepareNow(wish, provider),
                (result, error) -> {
                  preparing = null;
                  if (result != null) {
                    prepared = result;
                    created++;
                    status(provider.get(), result.sandbox().id(), SandboxStatus.READY, "Ready");
                    done.accept(result, null);
                  } else {
                    AgentRuntimeException why =
                        error == null
                            ? new AgentRuntimeException(
                                StandardError.SANDBOX_FAILED, "the sandbox was not prepared")
                            : error;
                    failed(provider.get(), why);
                    done.accept(null, why);
                  }
                });
  }

  private PreparedSandbox prepareNow(Wish wish, ProviderName providerId)
      throws IOException, InterruptedException {
    scope.environment().require(scope.architecture(), scope.profile(), wish.options());
    SandboxProvider provider = scope.selection().select(scope.sandboxProvider());
    providerId.set(provider.id());
    AtomicReference<@Nullable String> sandboxId = new AtomicReference<>();
    Consumer<String> progress =
        message ->
            scope
                .mailbox()
                .signal(
                    () -> status(provider.id(), sandboxId.get(), SandboxStatus.STARTING, message));
    return scope
        .preparer()
        .prepare(
            request(wish, provider),
            sandbox -> {
              sandboxId.set(sandbox.id());
              hold.hold(sandbox);
            },
            progress);
  }

  private PrepareRequest request(Wish wish, SandboxProvider provider)
      throws IOException, InterruptedException {
    return new PrepareRequest(
        scope.id(),
        wish.generation(),
        provider,
        scope.architecture(),
        scope.profile(),
        wish.options(),
        wish.nativeId(),
        scope.storage().transcript(),
        scope.workspace(),
        scope.mask());
  }

  /**
   * Takes over the sandbox that an earlier server left; calls back with it, or with null when it is
   * gone.
   */
  void adopt(SandboxState left, Consumer<@Nullable PreparedSandbox> done) {
    String id = left.id();
    if (id == null || left.status() == SandboxStatus.TERMINATED) {
      done.accept(null);
      return;
    }
    Wish wish = wish();
    state = left;
    adopting = true;
    preparing =
        scope
            .worker()
            .submit(
                () -> adoptNow(wish, left.provider(), id),
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

  private PreparedSandbox adoptNow(Wish wish, String provider, String id)
      throws IOException, InterruptedException {
    PreparedSandbox adopted =
        scope.preparer().adopt(request(wish, scope.selection().select(provider)), id);
    hold.hold(adopted.sandbox());
    return adopted;
  }

  private Wish wish() {
    return new Wish(
        journal.fold().lastSeq(),
        SessionOptions.effective(scope.profile(), journal.fold().record()),
        journal.fold().nativeId());
  }

  /** Gives up preparing a new sandbox; one that is taken over may hold what is stored nowhere. */
  void cancelPreparing() {
    Object job = preparing;
    if (job != null && !adopting) {
      scope.worker().interrupt(job);
    }
  }

  /** Ends the sandbox, if there is one or will be one, without a word: the session is another's. */
  void abandon() {
    hold.abandon();
  }

  /** Takes the sandbox as gone. */
  void lost(String reason) {
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
  void checkHealth(Consumer<String> dead) {
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
  void scanSoon() {
    if (scanning) {
      scanAgain = true;
      return;
    }
    scanning = true;
    sync(
        false,
        error -> {
          scanning = false;
          if (scanAgain) {
            scanAgain = false;
            scanSoon();
          }
        });
  }

  /**
   * Stores what changed.
   *
   * @param transcript whether the transcript too
   * @param done called with why it failed, or null
   */
  void sync(boolean transcript, Consumer<@Nullable AgentRuntimeException> done) {
    PreparedSandbox current = prepared;
    if (current == null) {
      done.accept(null);
      return;
    }
    String nativeId = journal.fold().nativeId();
    scope
        .worker()
        .submit(
            () -> syncNow(current.sandbox(), transcript, nativeId),
            (synced, error) -> {
              if (synced != null) {
                synced.events().forEach(event -> journal.append(null, event));
                if (synced.transcriptBytes() > 0) {
                  journal.append(null, new SessionEvent.TranscriptSaved(synced.transcriptBytes()));
                }
              } else if (error != null && prepared == current) {
                log.warn("session {}: sync failed: {}", scope.id(), error.getMessage());
              }
              done.accept(error);
            });
  }

  private Synced syncNow(Sandbox sandbox, boolean transcript, @Nullable String nativeId)
      throws IOException, InterruptedException {
    List<SessionEvent> events = new ArrayList<>(scope.workspace().scan(sandbox));
    long bytes = transcript ? scope.transcript().save(sandbox, nativeId) : 0;
    return new Synced(events, bytes);
  }

  /** Ends the sandbox; no error when there is none. */
  void terminate(String reason, Consumer<@Nullable AgentRuntimeException> done) {
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
}
