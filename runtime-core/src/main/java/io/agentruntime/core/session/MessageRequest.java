// SPDX-License-Identifier: MIT

package io.agentruntime.core.session;

import io.agentruntime.model.turn.DeliveryMode;
import io.agentruntime.model.turn.UserContent;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A message to a session.
 *
 * @param content what the user says
 * @param mode what happens when a turn runs
 * @param idempotencyKey the same key with the same content is accepted once, null for none
 */
public record MessageRequest(
    UserContent content, DeliveryMode mode, @Nullable String idempotencyKey) {
  /** Checks required components. */
  public MessageRequest {
    Objects.requireNonNull(content, "content");
    Objects.requireNonNull(mode, "mode");
  }

  /** A plain text that waits for its turn. */
  public static MessageRequest text(String text) {
    return new MessageRequest(new UserContent.Text(text), DeliveryMode.QUEUE, null);
  }
}
