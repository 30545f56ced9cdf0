// SPDX-License-Identifier: MIT

package io.agentruntime.core.secret;

import io.agentruntime.model.block.BlockId;
import io.agentruntime.model.event.DeltaField;
import io.agentruntime.model.event.SessionEvent;
import io.agentruntime.model.event.SessionEvent.BlockCompleted;
import io.agentruntime.model.event.SessionEvent.BlockDelta;
import io.agentruntime.model.event.SessionEvent.BlockStarted;
import io.agentruntime.model.event.SessionEvent.BlockUpdated;
import java.util.HashMap;
import java.util.Map;

/**
 * Masks secret values that an agent repeats in deltas, where no single delta holds the whole value:
 * it holds back the end of a text that may be the beginning of a secret. Confined to one thread.
 */
public final class DeltaMask {
  private final SecretMask mask;
  private final Map<Key, String> heldBack = new HashMap<>();

  private record Key(BlockId block, DeltaField field) {}

  /** Masks what {@code mask} masks. */
  public DeltaMask(SecretMask mask) {
    this.mask = mask;
  }

  /** The event as it may be shown; a delta may be shorter or longer than it came. */
  public <E extends SessionEvent> SessionEvent apply(E event) {
    if (mask.isEmpty()) {
      return event;
    }
    switch (event) {
      case BlockDelta delta -> {
        Key key = new Key(delta.blockId(), delta.field());
        String text = mask.mask(heldBack.getOrDefault(key, "") + delta.text());
        int undecided = mask.undecidedTail(text);
        String shown = text.substring(0, text.length() - undecided);
        if (undecided == 0) {
          heldBack.remove(key);
        } else {
          heldBack.put(key, text.substring(text.length() - undecided));
        }
        return shown.equals(delta.text())
            ? delta
            : new BlockDelta(delta.blockId(), delta.field(), shown);
      }
      // A block that is given whole replaces its text: nothing that was held back is missing.
      case BlockStarted started -> forget(started.block().id());
      case BlockUpdated updated -> forget(updated.block().id());
      case BlockCompleted completed -> forget(completed.block().id());
      default -> {
        // Other events hold no partial text.
      }
    }
    return event;
  }

  private void forget(BlockId id) {
    heldBack.remove(new Key(id, DeltaField.TEXT));
    heldBack.remove(new Key(id, DeltaField.INPUT));
  }
}
