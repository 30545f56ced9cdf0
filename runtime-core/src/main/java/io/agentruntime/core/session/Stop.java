// SPDX-License-Identifier: MIT

package io.agentruntime.core.session;

import java.time.Duration;

/**
 * How a session in memory is ended.
 *
 * @param reason for its sandbox's status
 * @param withdraw whether waiting messages are withdrawn rather than kept for the next load
 * @param force whether it ends even when the store cannot take what changed
 * @param grace how long a running agent may take to stop before it is signalled, each time
 */
record Stop(String reason, boolean withdraw, boolean force, Duration grace) {}
