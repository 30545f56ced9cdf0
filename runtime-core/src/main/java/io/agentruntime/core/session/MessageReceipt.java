// SPDX-License-Identifier: MIT

package io.agentruntime.core.session;

import io.agentruntime.model.turn.MessageId;

/**
 * An accepted message: it is in the log and will have exactly one turn unless it is cancelled.
 *
 * @param messageId its id, also its turn's
 * @param replayed whether an earlier request with the same key had been accepted
 */
public record MessageReceipt(MessageId messageId, boolean replayed) {}
