// SPDX-License-Identifier: MIT

package io.agentruntime.app.gateway.protocol;

/** One Engine.IO packet as it came in. */
public sealed interface EnginePacket {
  /** A packet in text form; {@code data} is empty where the type carries none. */
  record Text(EnginePacketType type, String data) implements EnginePacket {}

  /** A message in binary form. */
  final class Binary implements EnginePacket {
    private final byte[] data;

    /** Takes ownership of the array. */
    public Binary(byte[] data) {
      this.data = data;
    }

    /** The content; must not be changed. */
    public byte[] data() {
      return data;
    }
  }
}
