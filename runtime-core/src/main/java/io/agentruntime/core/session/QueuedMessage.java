// SPDX-License-Identifier: MIT

package io.agentruntime.core.session;

import io.agentruntime.model.turn.DeliveryMode;
import io.agentruntime.model.turn.MessageId;
import io.agentruntime.model.turn.UserContent;

/**
 * A message that waits for its turn.
 *
 * @param messageId its id
 * @param content what the user said
 * @param mode how it was delivered
 */
public record QueuedMessage(MessageId messageId, UserContent content, DeliveryMode mode) {}
