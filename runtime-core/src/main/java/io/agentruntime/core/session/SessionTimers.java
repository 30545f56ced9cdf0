// SPDX-License-Identifier: MIT

package io.agentruntime.core.session;

import io.agentruntime.core.RuntimeConfig;

/**
 * When something was last done in a session, and so when its idleness, its sandbox's health and a
 * sync are due. Times are those of {@code nanoTime}. Confined to the actor.
 */
final class SessionTimers {
  private final RuntimeConfig config;
  private long lastWork = System.nanoTime();
  private long lastSync = System.nanoTime();
  private long lastHealth = System.nanoTime();
  private boolean syncing;
  private boolean idleReported;

  SessionTimers(RuntimeConfig config) {
    this.config = config;
  }

  /** The session is used now. */
  void worked() {
    lastWork = System.nanoTime();
    idleReported = false;
  }

  /** A sync begins. */
  void syncBegins() {
    lastSync = System.nanoTime();
    syncing = true;
  }

  /** The sync has ended. */
  void syncEnded() {
    syncing = false;
  }

  /** When the session has been idle for as long as it may; never again once that was told. */
  long idleAt() {
    return idleReported ? Long.MAX_VALUE : lastWork + config.idleTimeout().toNanos();
  }

  /** Whether it has been idle for as long as it may; if so, that counts as told. */
  boolean claimIdle(long now) {
    if (idleReported || now - lastWork < config.idleTimeout().toNanos()) {
      return false;
    }
    idleReported = true;
    return true;
  }

  /** When the sandbox must be looked at. */
  long healthAt() {
    return lastHealth + config.healthInterval().toNanos();
  }

  /** Whether the sandbox must be looked at; if so, that counts as done. */
  boolean claimHealthCheck(long now) {
    if (now - lastHealth < config.healthInterval().toNanos()) {
      return false;
    }
    lastHealth = now;
    return true;
  }

  /** When what a turn changes must be stored; never while that is being done. */
  long syncAt() {
    return syncing ? Long.MAX_VALUE : lastSync + config.syncInterval().toNanos();
  }

  /** Whether what a turn changes must be stored. */
  boolean isSyncDue(long now) {
    return !syncing && now - lastSync >= config.syncInterval().toNanos();
  }
}
