// SPDX-License-Identifier: MIT

package io.agentruntime.core.sandbox;

import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.spi.sandbox.Sandbox;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ends sandboxes, also such as cannot be reached at first. Stateless. */
public final class SandboxEnding {
  private static final Logger log = LoggerFactory.getLogger(SandboxEnding.class);
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final Duration PAUSE = Duration.ofSeconds(2);

  private SandboxEnding() {}

  /**
   * Ends a sandbox. When its provider does not answer, further attempts are made in the background
   * for two minutes; what is left then is found as an orphan at the next start.
   */
  public static void end(Sandbox sandbox) throws InterruptedException {
    try {
      sandbox.terminate();
    } catch (AgentRuntimeException e) {
      if (!e.code().retryable()) {
        throw e;
      }
      log.info("sandbox {} cannot be ended yet: {}", sandbox.id(), e.getMessage());
      Thread.ofVirtual().name("end-" + sandbox.id()).start(() -> keepTrying(sandbox));
    }
  }

  private static void keepTrying(Sandbox sandbox) {
    try {
      Boolean ended =
          Patience.apply(
              "ending sandbox " + sandbox.id(),
              PATIENCE,
              PAUSE,
              () -> {
                sandbox.terminate();
                return Boolean.TRUE;
              });
      log.debug("sandbox {} ended: {}", sandbox.id(), ended);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      log.warn("sandbox {} could not be ended; it is left as an orphan", sandbox.id(), e);
    }
  }
}
