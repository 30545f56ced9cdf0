// SPDX-License-Identifier: MIT

package io.agentruntime.spi.sandbox;

import java.time.Instant;
import java.util.Map;

/**
 * A sandbox in a listing.
 *
 * @param id for {@link SandboxProvider#attach}
 * @param name the name from its spec
 * @param labels the labels from its spec
 * @param createdAt when it was created
 * @param running whether processes can run in it; false also while paused
 */
public record SandboxListing(
    String id, String name, Map<String, String> labels, Instant createdAt, boolean running) {
  /** Copies the labels. */
  public SandboxListing {
    labels = Map.copyOf(labels);
  }
}
