// SPDX-License-Identifier: MIT

package io.agentruntime.sandbox.local;

import io.agentruntime.error.AgentRuntimeException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Removes trees that programs have made: of any depth, and while programs still change them. The
 * host's {@code rm} never leaves the tree through a link, which path by path cannot be had in Java.
 */
final class FolderRemoval {
  private static final Map<String, String> ENVIRONMENT = Map.of("PATH", "/usr/bin:/bin");

  private FolderRemoval() {}

  /** Removes a file, link or tree; what does not exist, or vanishes meanwhile, is no error. */
  static void remove(Path path) throws InterruptedException {
    if (isGone(path)) {
      return;
    }
    List<String> remove = List.of("rm", "-rf", "--", path.toString());
    try {
      HostCommand.run(remove, ENVIRONMENT);
    } catch (AgentRuntimeException first) {
      try {
        // Directories may have been left without permission to enter them; chmod follows no link.
        HostCommand.run(List.of("chmod", "-R", "u+rwX", "--", path.toString()), ENVIRONMENT);
        HostCommand.run(remove, ENVIRONMENT);
      } catch (AgentRuntimeException second) {
        if (!isGone(path)) {
          second.addSuppressed(first);
          throw second;
        }
      }
    }
  }

  private static boolean isGone(Path path) {
    return !Files.exists(path, LinkOption.NOFOLLOW_LINKS);
  }
}
