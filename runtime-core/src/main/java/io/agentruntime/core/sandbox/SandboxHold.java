// SPDX-License-Identifier: MIT

package io.agentruntime.core.sandbox;

import io.agentruntime.model.session.SessionId;
import io.agentruntime.spi.sandbox.Sandbox;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The sandbox that a session has or is about to have, for the case that another server takes the
 * session over: that one makes a sandbox of its own, so this one must not stay, with an agent in it
 * that nobody listens to. Thread-safe.
 */
final class SandboxHold {
  private static final Logger log = LoggerFactory.getLogger(SandboxHold.class);

  private final SessionId session;
  private final AtomicReference<@Nullable Sandbox> held = new AtomicReference<>();
  private volatile boolean abandoned;

  SandboxHold(SessionId session) {
    this.session = session;
  }

  /** There is a sandbox; it is ended at once if the session is not ours any more. */
  void hold(Sandbox sandbox) {
    held.set(sandbox);
    if (abandoned) {
      abandon();
    }
  }

  /** Ends the sandbox in the background, and any that is still to come. Idempotent. */
  void abandon() {
    abandoned = true;
    Sandbox left = held.getAndSet(null);
    if (left != null) {
      Thread.ofVirtual().name("abandon-" + session).start(() -> end(left));
    }
  }

  private void end(Sandbox left) {
    try {
      SandboxEnding.end(left);
      log.info("session {}: its sandbox {} was ended here", session, left.id());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      log.warn("session {}: sandbox {} could not be ended", session, left.id(), e);
    }
  }
}
