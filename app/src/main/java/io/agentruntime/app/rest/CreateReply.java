// SPDX-License-Identifier: MIT

package io.agentruntime.app.rest;

import io.agentruntime.app.rest.view.RuntimeReply;
import java.util.Map;

/**
 * A session that was created.
 *
 * @param sessionId its id
 * @param status a word for it, as the route's clients expect it
 * @param runtime its runtime state
 * @param createdAt milliseconds
 * @param sessionOptions its options
 */
record CreateReply(
    String sessionId,
    String status,
    RuntimeReply runtime,
    long createdAt,
    Map<String, Object> sessionOptions) {}
