// SPDX-License-Identifier: MIT

package io.agentruntime.sandbox.local;

import io.agentruntime.error.AgentRuntimeException;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a server left behind that died while it created or terminated a sandbox. Stateless. */
final class Remains {
  private static final Logger LOG = LoggerFactory.getLogger(Remains.class);

  private Remains() {}

  /** Removes one folder. */
  interface Removal {
    /** Ends its processes and removes it. */
    void remove(SandboxFolder folder) throws IOException, InterruptedException;
  }

  /**
   * Removes, of these folders, those of sandboxes that were not finished or whose end had begun.
   * What cannot be removed now must not keep a server from starting: it is still there to be found
   * as an orphan, and at the next start.
   */
  static void remove(List<SandboxFolder> folders, Instant now, Removal removal)
      throws InterruptedException {
    for (SandboxFolder folder : folders) {
      try {
        if (folder.isEnded() || folder.isAbandoned(now)) {
          LOG.info("Removing what is left of sandbox {}", folder.id());
          removal.remove(folder);
        }
      } catch (IOException | AgentRuntimeException e) {
        LOG.warn("What is left of sandbox {} cannot be removed now", folder.id(), e);
      }
    }
  }
}
