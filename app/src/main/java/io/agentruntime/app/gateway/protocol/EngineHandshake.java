// SPDX-License-Identifier: MIT

package io.agentruntime.app.gateway.protocol;

import java.time.Duration;

/**
 * What a server tells a new client.
 *
 * @param sid the session id, which is all a request needs to act for this client: keep it secret
 * @param upgrade whether the client may go on to WebSocket
 * @param pingInterval how often the server pings
 * @param pingTimeout how long it waits for the pong
 * @param maxPayload the most bytes of a request or frame
 */
public record EngineHandshake(
    String sid, boolean upgrade, Duration pingInterval, Duration pingTimeout, int maxPayload) {

  /** The open packet. */
  public EncodedPacket encode() {
    // Ids are URL-safe base64, so nothing here needs escaping.
    return EncodedPacket.of(
        EnginePacketType.OPEN,
        "{\"sid\":\""
            + sid
            + "\",\"upgrades\":["
            + (upgrade ? "\"websocket\"" : "")
            + "],\"pingInterval\":"
            + pingInterval.toMillis()
            + ",\"pingTimeout\":"
            + pingTimeout.toMillis()
            + ",\"maxPayload\":"
            + maxPayload
            + "}");
  }

  @Override
  public String toString() {
    return "EngineHandshake[upgrade=" + upgrade + "]";
  }
}
