// SPDX-License-Identifier: MIT

package io.agentruntime.app.gateway.protocol;

import org.jspecify.annotations.Nullable;

/**
 * What stands before the JSON of a Socket.IO packet: {@code type [n-] [/namespace,] [id]}.
 *
 * @param type the digit
 * @param attachments how many binary frames follow
 * @param json what comes after the header; empty if nothing does
 */
record SocketHeader(
    SocketPacketType type, int attachments, String namespace, @Nullable Long id, String json) {
  static final String MAIN = "/";

  private static final int LONGEST_NAMESPACE = 256;
  // What a double holds exactly, as JavaScript counts ids.
  private static final int MOST_ID_DIGITS = 15;
  private static final int MOST_COUNT_DIGITS = 4;

  static SocketHeader read(String packet) throws ProtocolException {
    if (packet.isEmpty()) {
      throw new ProtocolException("empty Socket.IO packet");
    }
    SocketPacketType type = SocketPacketType.of(packet.charAt(0));
    int at = 1;
    int attachments = 0;
    if (type.isBinary()) {
      int end = digits(packet, at, MOST_COUNT_DIGITS);
      if (end == at || end == packet.length() || packet.charAt(end) != '-') {
        throw new ProtocolException("binary packet without a count of attachments");
      }
      attachments = Integer.parseInt(packet, at, end, 10);
      at = end + 1;
    }
    String namespace = MAIN;
    if (at < packet.length() && packet.charAt(at) == '/') {
      int comma = packet.indexOf(',', at);
      int end = comma < 0 ? packet.length() : comma;
      if (end - at > LONGEST_NAMESPACE) {
        throw new ProtocolException("namespace is too long");
      }
      namespace = packet.substring(at, end);
      at = comma < 0 ? end : end + 1;
    }
    int end = digits(packet, at, MOST_ID_DIGITS);
    Long id = end == at ? null : Long.valueOf(packet.substring(at, end));
    return new SocketHeader(type, attachments, namespace, id, packet.substring(end));
  }

  private static int digits(String text, int from, int most) throws ProtocolException {
    int end = from;
    while (end < text.length() && text.charAt(end) >= '0' && text.charAt(end) <= '9') {
      end++;
    }
    if (end - from > most) {
      throw new ProtocolException("number has too many digits");
    }
    return end;
  }
}
