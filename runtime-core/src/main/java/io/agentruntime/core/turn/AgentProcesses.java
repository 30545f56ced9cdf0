// SPDX-License-Identifier: MIT

package io.agentruntime.core.turn;

import io.agentruntime.core.sandbox.AgentEnvironment;
import io.agentruntime.core.sandbox.PreparedSandbox;
import io.agentruntime.core.sandbox.SessionSandbox;
import io.agentruntime.core.state.RangeLog;
import io.agentruntime.core.state.SessionJournal;
import io.agentruntime.core.state.SessionOptions;
import io.agentruntime.core.state.SessionScope;
import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import io.agentruntime.spi.sandbox.SandboxProcess;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Gets a session its agent process: starts one, in a sandbox that is made when there is none, or
 * finds that of an earlier server. Owns which process is on its way and the number of the next one.
 * Confined to the session's actor.
 */
final class AgentProcesses {
  /** Whoever needs the process. */
  interface Owner {
    /** Whether a turn waits for the agent or has it. */
    boolean needsAgent();

    /** A process was started. */
    void started(AgentLauncher.Started started);

    /** There will be none; only while one is needed. */
    void notStarted(AgentRuntimeException reason);

    /** Input could not be written although the process may live. */
    void writeFailed(SandboxProcess process, AgentRuntimeException reason);
  }

  private final SessionScope scope;
  private final SessionJournal journal;
  private final SessionSandbox sandbox;
  private final AgentLauncher launcher;
  private final Owner owner;
  private boolean coming;
  private boolean retried;
  private int incarnation;

  AgentProcesses(
      SessionScope scope,
      SessionJournal journal,
      SessionSandbox sandbox,
      AgentEnvironment environment,
      Owner owner) {
    this.scope = scope;
    this.journal = journal;
    this.sandbox = sandbox;
    this.owner = owner;
    this.launcher = new AgentLauncher(scope, environment, owner::writeFailed);
  }

  /** Whether a process or its sandbox is on its way: the owner will be told. */
  boolean isComing() {
    return coming || sandbox.isPreparing();
  }

  /** Sees to it that a process is on its way. */
  void ensure() {
    PreparedSandbox prepared = sandbox.prepared();
    if (prepared != null) {
      start(prepared);
    } else if (!sandbox.isPreparing()) {
      sandbox.prepare(this::sandboxPrepared);
    }
  }

  /** Finds the process that an earlier server drove; calls back with it or with why not. */
  void find(
      PreparedSandbox prepared,
      RangeLog range,
      RangeLog.ProcessStart process,
      BiConsumer<@Nullable AgentRun, @Nullable AgentRuntimeException> done) {
    coming = true;
    scope
        .worker()
        .submit(
            () -> launcher.reattach(prepared, range, process),
            (found, error) -> {
              coming = false;
              done.accept(found, error);
            });
  }

  /** A turn has ended: the next one may find its sandbox gone once more. */
  void turnEnded() {
    retried = false;
  }

  private void sandboxPrepared(
      @Nullable PreparedSandbox prepared, @Nullable AgentRuntimeException error) {
    if (!owner.needsAgent()) {
      return;
    }
    if (prepared != null) {
      start(prepared);
    } else if (error != null) {
      owner.notStarted(error);
    }
  }

  private void start(PreparedSandbox prepared) {
    if (coming) {
      return;
    }
    coming = true;
    incarnation = Math.max(incarnation + 1, incarnationAfterReload());
    AgentLauncher.Wish wish =
        new AgentLauncher.Wish(
            incarnation,
            SessionOptions.effective(scope.profile(), journal.fold().record()),
            journal.fold().nativeId(),
            journal.fold().metadata());
    scope
        .worker()
        .submit(
            () -> launcher.start(prepared, wish),
            (started, error) -> {
              coming = false;
              launched(prepared, started, error);
            });
  }

  private void launched(
      PreparedSandbox prepared,
      AgentLauncher.@Nullable Started started,
      @Nullable AgentRuntimeException error) {
    if (sandbox.prepared() != prepared) {
      if (started != null) {
        started.run().close();
      }
      ensureIfNeeded();
    } else if (started != null) {
      owner.started(started);
    } else if (error != null && error.code() == StandardError.SANDBOX_LOST && !retried) {
      retried = true;
      sandbox.lost(error.getMessage());
      ensureIfNeeded();
    } else if (error != null && owner.needsAgent()) {
      owner.notStarted(error);
    }
  }

  private void ensureIfNeeded() {
    if (owner.needsAgent()) {
      ensure();
    }
  }

  /** Never a number that an earlier life of this session has used. */
  private int incarnationAfterReload() {
    int known = journal.fold().range().lastIncarnation();
    if (known > 0 || !journal.fold().everRan()) {
      return known + 1;
    }
    // The log does not know: each life begins at a later number of the log.
    return (int) Math.min(Integer.MAX_VALUE - 1_000_000, journal.fold().lastSeq());
  }
}
