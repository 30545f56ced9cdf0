// SPDX-License-Identifier: MIT

package io.agentruntime.app.rest.view;

import io.agentruntime.core.session.QueuedMessage;
import io.agentruntime.support.json.ContentMaps;
import java.util.Locale;

/**
 * A message that waits for its turn.
 *
 * @param messageId its id
 * @param content what the user said
 * @param mode how it was delivered
 */
public record QueuedReply(String messageId, Object content, String mode) {
  /** Shows a message. */
  public static QueuedReply of(QueuedMessage message) {
    return new QueuedReply(
        message.messageId().value(),
        ContentMaps.write(message.content()),
        message.mode().name().toLowerCase(Locale.ROOT));
  }
}
