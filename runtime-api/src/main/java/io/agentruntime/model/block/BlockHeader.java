// SPDX-License-Identifier: MIT

package io.agentruntime.model.block;

import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What every block has.
 *
 * @param id the block's id
 * @param status whether it still grows
 * @param at when the block began; null while an architecture has not been told the time, the event
 *     log fills it in
 */
public record BlockHeader(BlockId id, BlockStatus status, @Nullable Instant at) {
  /** Checks required components. */
  public BlockHeader {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(status, "status");
  }

  /** A header of a block that may still change, without a time. */
  public static BlockHeader pending(String id) {
    return new BlockHeader(new BlockId(id), BlockStatus.PENDING, null);
  }

  /** A header of a final block, without a time. */
  public static BlockHeader complete(String id) {
    return new BlockHeader(new BlockId(id), BlockStatus.COMPLETE, null);
  }

  /** This header with another status. */
  public BlockHeader with(BlockStatus newStatus) {
    return new BlockHeader(id, newStatus, at);
  }

  /** This header with a time. */
  public BlockHeader at(Instant time) {
    return new BlockHeader(id, status, time);
  }
}
