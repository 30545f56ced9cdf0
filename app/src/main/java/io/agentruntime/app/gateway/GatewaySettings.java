// SPDX-License-Identifier: MIT

package io.agentruntime.app.gateway;

import java.time.Duration;

/**
 * What the gateway is told.
 *
 * @param dialect what clients speak that do not say
 * @param recovery how long a client that lost its connection may come back
 */
public record GatewaySettings(Dialect dialect, Duration recovery) {}
