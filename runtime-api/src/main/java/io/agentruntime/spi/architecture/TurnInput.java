// SPDX-License-Identifier: MIT

package io.agentruntime.spi.architecture;

import io.agentruntime.model.turn.MessageId;
import io.agentruntime.model.turn.UserContent;

/**
 * A message to the agent.
 *
 * @param messageId its id; the user's block has the same id
 * @param content what the user said
 */
public record TurnInput(MessageId messageId, UserContent content) {}
