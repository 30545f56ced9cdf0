// SPDX-License-Identifier: MIT

package io.agentruntime.app.rest.view;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.agentruntime.model.conversation.ConversationMetadata;
import io.agentruntime.model.turn.Usage;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * What a conversation has cost so far.
 *
 * @param usage tokens
 * @param costUSD US dollars
 * @param model the last model used
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record MetadataReply(
    @Nullable Tokens usage, @Nullable BigDecimal costUSD, @Nullable String model) {

  /**
   * Tokens.
   *
   * @param inputTokens read, without cache hits
   * @param outputTokens written
   * @param cacheReadTokens read from the model's cache
   * @param cacheWriteTokens written to the model's cache
   * @param totalTokens read and written
   */
  public record Tokens(
      long inputTokens,
      long outputTokens,
      long cacheReadTokens,
      long cacheWriteTokens,
      long totalTokens) {}

  /** Shows metadata. */
  public static MetadataReply of(ConversationMetadata metadata) {
    Usage usage = metadata.usage();
    return new MetadataReply(
        usage == null ? null : tokens(usage), metadata.costUsd(), metadata.model());
  }

  private static Tokens tokens(Usage usage) {
    return new Tokens(
        usage.inputTokens(),
        usage.outputTokens(),
        usage.cacheReadTokens(),
        usage.cacheWriteTokens(),
        usage.inputTokens() + usage.outputTokens());
  }
}
