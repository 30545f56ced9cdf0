// SPDX-License-Identifier: MIT

package io.agentruntime.app.gateway.engine;

import java.util.Map;

/**
 * Figures of the gateway at one moment.
 *
 * @param connections how many are open
 * @param pending how many of them have joined no namespace yet
 * @param opened how many were opened since the start
 * @param refused how many were refused since the start, because there were too many
 * @param closed how many were closed since the start, by reason
 */
public record GatewayStats(
    int connections, int pending, long opened, long refused, Map<DisconnectReason, Long> closed) {

  /** Copies. */
  public GatewayStats {
    closed = Map.copyOf(closed);
  }
}
