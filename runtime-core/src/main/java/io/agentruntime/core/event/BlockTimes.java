// SPDX-License-Identifier: MIT

package io.agentruntime.core.event;

import io.agentruntime.model.block.Block;
import io.agentruntime.model.block.BlockStatus;
import io.agentruntime.model.event.SessionEvent;
import io.agentruntime.model.event.SessionEvent.BlockCompleted;
import io.agentruntime.model.event.SessionEvent.BlockStarted;
import io.agentruntime.model.event.SessionEvent.BlockUpdated;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/** Gives each block the time of its first event, for life. Confined to who appends. */
final class BlockTimes {
  private final Map<String, Instant> openedAt = new HashMap<>();

  /** The event with the time of its block, if it is about a whole one. */
  SessionEvent stamp(SessionEvent event, Instant now) {
    return switch (event) {
      case BlockStarted e -> new BlockStarted(stamp(e.block(), now, true));
      case BlockUpdated e -> new BlockUpdated(stamp(e.block(), now, true));
      case BlockCompleted e -> new BlockCompleted(stamp(e.block(), now, false));
      default -> event;
    };
  }

  private Block stamp(Block block, Instant now, boolean staysOpen) {
    String key = block.id().value();
    Instant known = openedAt.get(key);
    Instant at = block.header().at();
    if (at == null) {
      at = known == null ? now : known;
    }
    if (staysOpen && block.status() == BlockStatus.PENDING) {
      openedAt.put(key, at);
    } else {
      openedAt.remove(key);
    }
    return at.equals(block.header().at()) ? block : block.withHeader(block.header().at(at));
  }
}
