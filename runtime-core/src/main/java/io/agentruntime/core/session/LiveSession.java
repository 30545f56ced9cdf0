// SPDX-License-Identifier: MIT

package io.agentruntime.core.session;

import io.agentruntime.core.event.EventFeed;
import io.agentruntime.core.state.SessionFold;
import io.agentruntime.core.state.SessionScope;
import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import io.agentruntime.model.event.PermissionAnswer;
import io.agentruntime.model.session.RuntimeState;
import io.agentruntime.model.session.SessionId;
import io.agentruntime.model.session.SessionUpdate;
import io.agentruntime.model.turn.MessageId;
import io.agentruntime.model.workspace.WorkspaceFile;
import io.agentruntime.spi.persistence.Lease;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The handle on a session in memory: passes everything on to its actor. Thread-safe. */
final class LiveSession implements Session {
  private final SessionScope scope;
  private final SessionFold committed;
  private final SessionActor actor;
  private final @Nullable Lease lease;
  private final CompletableFuture<@Nullable Void> left = new CompletableFuture<>();

  LiveSession(
      SessionScope scope, SessionFold committed, SessionActor actor, @Nullable Lease lease) {
    this.scope = scope;
    this.committed = committed;
    this.actor = actor;
    this.lease = lease;
  }

  SessionActor actor() {
    return actor;
  }

  SessionScope scope() {
    return scope;
  }

  /** Done when nothing of this session is in memory any more, so that it can be loaded again. */
  CompletableFuture<@Nullable Void> left() {
    return left;
  }

  RuntimeState runtimeState() {
    return scope.log().read(committed::runtime);
  }

  @Nullable Lease lease() {
    return lease;
  }

  @Override
  public SessionId id() {
    return scope.id();
  }

  @Override
  public SessionView view() {
    return scope.log().read(() -> SessionView.of(committed));
  }

  @Override
  public MessageReceipt send(MessageRequest message) throws InterruptedException {
    MessageReceipt receipt = ask(() -> actor.send(message));
    committed();
    return receipt;
  }

  @Override
  public boolean interrupt() throws InterruptedException {
    boolean interrupted = ask(actor::interrupt);
    committed();
    return interrupted;
  }

  @Override
  public boolean cancel(MessageId messageId) throws InterruptedException {
    boolean cancelled = ask(() -> actor.cancel(messageId));
    committed();
    return cancelled;
  }

  @Override
  public void reorder(List<MessageId> order) throws InterruptedException {
    ask(
        () -> {
          actor.reorder(order);
          return Boolean.TRUE;
        });
    committed();
  }

  @Override
  public void answer(PermissionAnswer answer) throws InterruptedException {
    await(ask(() -> actor.answer(answer)), scope.config().storeTimeout());
    committed();
  }

  @Override
  public void update(SessionUpdate update) throws InterruptedException {
    await(ask(() -> actor.update(update)), scope.config().storeTimeout());
    committed();
  }

  @Override
  public void sync() throws InterruptedException {
    await(ask(actor::sync), scope.config().prepareTimeout());
    committed();
  }

  @Override
  public void terminateSandbox() throws InterruptedException {
    await(ask(() -> actor.terminateSandbox("manual")), scope.config().prepareTimeout());
    committed();
  }

  @Override
  public EventFeed feed(long after) {
    if (after < 0) {
      throw AgentRuntimeException.invalid("after", "a number from 0");
    }
    return scope.log().feed(after);
  }

  @Override
  public InputStream open(WorkspaceFile file) throws IOException, InterruptedException {
    return scope.storage().open(file);
  }

  private void committed() throws InterruptedException {
    scope.log().awaitCommitted(scope.config().storeTimeout());
  }

  <T> T ask(Supplier<T> action) throws InterruptedException {
    return await(actor.ask(action), scope.config().storeTimeout());
  }

  static <T extends @Nullable Object> T await(CompletableFuture<T> future, Duration timeout)
      throws InterruptedException {
    try {
      return future.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof AgentRuntimeException known) {
        throw known;
      }
      throw new AgentRuntimeException(
          StandardError.INTERNAL_ERROR, "the request failed unexpectedly", e.getCause());
    } catch (TimeoutException e) {
      throw new AgentRuntimeException(
          StandardError.STORE_UNAVAILABLE,
          "the request was not done within " + timeout.toSeconds() + " s",
          e);
    }
  }
}
