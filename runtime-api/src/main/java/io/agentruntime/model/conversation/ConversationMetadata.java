// SPDX-License-Identifier: MIT

package io.agentruntime.model.conversation;

import io.agentruntime.model.turn.Usage;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * What a conversation has cost so far.
 *
 * @param usage tokens, null when unknown
 * @param costUsd US dollars, null when unknown
 * @param model the last model used, null when unknown
 */
public record ConversationMetadata(
    @Nullable Usage usage, @Nullable BigDecimal costUsd, @Nullable String model) {
  /** Nothing known. */
  public static final ConversationMetadata EMPTY = new ConversationMetadata(null, null, null);

  /** This, overwritten by what the newer one knows. */
  public ConversationMetadata merge(ConversationMetadata newer) {
    return new ConversationMetadata(
        newer.usage == null ? usage : newer.usage,
        newer.costUsd == null ? costUsd : newer.costUsd,
        newer.model == null ? model : newer.model);
  }
}
