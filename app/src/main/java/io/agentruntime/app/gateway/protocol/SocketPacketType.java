// SPDX-License-Identifier: MIT

package io.agentruntime.app.gateway.protocol;

/** The packet types of Socket.IO 5, in the order of their digits. */
enum SocketPacketType {
  CONNECT,
  DISCONNECT,
  EVENT,
  ACK,
  CONNECT_ERROR,
  BINARY_EVENT,
  BINARY_ACK;

  private static final SocketPacketType[] BY_DIGIT = values();

  char digit() {
    return (char) ('0' + ordinal());
  }

  boolean isBinary() {
    return this == BINARY_EVENT || this == BINARY_ACK;
  }

  static SocketPacketType of(char digit) throws ProtocolException {
    int index = digit - '0';
    if (index < 0 || index >= BY_DIGIT.length) {
      throw new ProtocolException("unknown Socket.IO packet type");
    }
    return BY_DIGIT[index];
  }
}
