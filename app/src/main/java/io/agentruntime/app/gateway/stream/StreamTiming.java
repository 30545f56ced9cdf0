// SPDX-License-Identifier: MIT

package io.agentruntime.app.gateway.stream;

import java.time.Duration;

/**
 * How long streams wait.
 *
 * @param heartbeat how often a client is shown that a stream lives on which nothing happens
 * @param answer how long a client may take to answer that, where it can
 * @param patience how long a client may take nothing
 * @param goodbye how long a client that took nothing may take to read why it was cut off
 */
record StreamTiming(Duration heartbeat, Duration answer, Duration patience, Duration goodbye) {}
