// SPDX-License-Identifier: MIT

package io.agentruntime.app.gateway.protocol;

/** The packet types of Engine.IO 4, in the order of their digits. */
public enum EnginePacketType {
  /** Opens a session: the handshake. */
  OPEN,
  /** Ends a session. */
  CLOSE,
  /** Asks the client for a sign of life; from a client only as the probe of an upgrade. */
  PING,
  /** Answers a ping. */
  PONG,
  /** Carries a payload of the layer above. */
  MESSAGE,
  /** Completes the change to another transport. */
  UPGRADE,
  /** Says nothing; ends a poll. */
  NOOP;

  private static final EnginePacketType[] BY_DIGIT = values();

  /** The first character of an encoded packet. */
  public char digit() {
    return (char) ('0' + ordinal());
  }

  static EnginePacketType of(char digit) throws ProtocolException {
    int index = digit - '0';
    if (index < 0 || index >= BY_DIGIT.length) {
      throw new ProtocolException("unknown Engine.IO packet type");
    }
    return BY_DIGIT[index];
  }
}
