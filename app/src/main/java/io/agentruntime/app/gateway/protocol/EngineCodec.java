// SPDX-License-Identifier: MIT

package io.agentruntime.app.gateway.protocol;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** Engine.IO 4 between text and packets. Stateless. */
public final class EngineCodec {
  /** What stands between the packets of one polling payload. */
  public static final char SEPARATOR = '\u001e';

  private static final char BINARY = 'b';

  private EngineCodec() {}

  /**
   * The text of received bytes.
   *
   * @throws ProtocolException if they are not UTF-8
   */
  public static String text(ByteBuffer bytes) throws ProtocolException {
    try {
      CharBuffer text =
          StandardCharsets.UTF_8
              .newDecoder()
              .onMalformedInput(CodingErrorAction.REPORT)
              .onUnmappableCharacter(CodingErrorAction.REPORT)
              .decode(bytes);
      return text.toString();
    } catch (CharacterCodingException e) {
      throw new ProtocolException("text is not UTF-8");
    }
  }

  /** One packet as a WebSocket text frame holds it. */
  public static EnginePacket.Text decode(String packet) throws ProtocolException {
    if (packet.isEmpty()) {
      throw new ProtocolException("empty Engine.IO packet");
    }
    return new EnginePacket.Text(EnginePacketType.of(packet.charAt(0)), packet.substring(1));
  }

  /**
   * All packets of the body of a polling request.
   *
   * @param maxPackets how many packets one body may hold
   */
  public static List<EnginePacket> decodePayload(String payload, int maxPackets)
      throws ProtocolException {
    List<EnginePacket> packets = new ArrayList<>();
    int start = 0;
    while (start <= payload.length()) {
      if (packets.size() == maxPackets) {
        throw new ProtocolException("more than " + maxPackets + " packets in one payload");
      }
      int end = payload.indexOf(SEPARATOR, start);
      end = end < 0 ? payload.length() : end;
      packets.add(decodePart(payload.substring(start, end)));
      start = end + 1;
    }
    return packets;
  }

  private static EnginePacket decodePart(String part) throws ProtocolException {
    if (part.isEmpty() || part.charAt(0) != BINARY) {
      return decode(part);
    }
    try {
      return new EnginePacket.Binary(Base64.getDecoder().decode(part.substring(1)));
    } catch (IllegalArgumentException e) {
      throw new ProtocolException("binary packet is not base64");
    }
  }
}
