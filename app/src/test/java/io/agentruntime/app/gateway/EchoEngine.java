// SPDX-License-Identifier: MIT

package io.agentruntime.app.gateway;

import io.agentruntime.app.gateway.engine.DisconnectReason;
import io.agentruntime.app.gateway.engine.EngineConnection;
import io.agentruntime.app.gateway.engine.EngineHandler;
import io.agentruntime.app.gateway.engine.EngineListener;
import io.agentruntime.app.gateway.protocol.EncodedPacket;
import io.agentruntime.app.gateway.protocol.EnginePacketType;

/** Sends every Engine.IO message back, as the protocol's own test suite wants it. */
public final class EchoEngine implements EngineHandler {
  @Override
  public EngineListener open(EngineConnection connection) {
    return new EngineListener() {
      @Override
      public void onText(String message) {
        connection.send(EncodedPacket.of(EnginePacketType.MESSAGE, message));
      }

      @Override
      public void onBinary(byte[] message) {
        connection.send(EncodedPacket.ofBinary(message));
      }

      @Override
      public void onClose(DisconnectReason reason) {}
    };
  }
}
