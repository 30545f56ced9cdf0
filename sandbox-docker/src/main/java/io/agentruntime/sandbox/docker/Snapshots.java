// SPDX-License-Identifier: MIT

package io.agentruntime.sandbox.docker;

import io.agentruntime.model.workspace.ContentHash;
import java.nio.charset.StandardCharsets;

/** Images made from containers. */
final class Snapshots {
  static final String REPOSITORY = "agent-runtime-snapshot";
  private static final int READABLE = 80;

  private Snapshots() {}

  /**
   * Keeps a container's file system; it is frozen meanwhile.
   *
   * @param name of any shape; another snapshot of that name is replaced
   * @return the image
   */
  static String take(Container container, String name) throws InterruptedException {
    String tag = tag(name);
    container.callPatiently(
        "take a snapshot",
        docker ->
            docker
                .commitCmd(container.id())
                .withRepository(REPOSITORY)
                .withTag(tag)
                .withPause(true)
                .exec());
    return REPOSITORY + ":" + tag;
  }

  /** A tag that only this name has. */
  static String tag(String name) {
    String readable = name.replaceAll("[^A-Za-z0-9_.-]", "-").replaceFirst("^[.-]+", "");
    if (readable.equals(name) && !name.isEmpty() && name.length() <= READABLE) {
      return name;
    }
    String hash = ContentHash.of(name.getBytes(StandardCharsets.UTF_8)).hex().substring(0, 16);
    return readable.substring(0, Math.min(READABLE, readable.length())) + "_" + hash;
  }
}
