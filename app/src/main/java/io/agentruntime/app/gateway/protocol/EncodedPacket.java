// SPDX-License-Identifier: MIT

package io.agentruntime.app.gateway.protocol;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;

/**
 * A packet in the form it has on the wire, made once and shared by every connection it goes to.
 *
 * <p>Immutable and thread-safe. The arrays it hands out are its own, for the sake of sharing: they
 * must not be changed.
 */
public final class EncodedPacket {
  /**
   * What a packet costs beside its bytes: this object, its arrays' headers, its place in queues.
   */
  private static final int OVERHEAD = 96;

  private static final byte BINARY = 'b';

  private final byte[] head;
  private final boolean binary;
  private final List<byte[]> attachments;
  private final int cost;

  private EncodedPacket(byte[] head, boolean binary, List<byte[]> attachments) {
    this.head = head;
    this.binary = binary;
    this.attachments = attachments;
    long sum = OVERHEAD + (long) head.length;
    for (byte[] attachment : attachments) {
      sum += OVERHEAD + attachment.length;
    }
    this.cost = (int) Math.min(Integer.MAX_VALUE, sum);
  }

  /** An Engine.IO packet of the given type. */
  public static EncodedPacket of(EnginePacketType type, String data) {
    return ofText((type.digit() + data).getBytes(StandardCharsets.UTF_8), List.of());
  }

  /** A message whose payload is these bytes; takes ownership of the array. */
  public static EncodedPacket ofBinary(byte[] payload) {
    return new EncodedPacket(payload, true, List.of());
  }

  static EncodedPacket ofText(byte[] head, List<byte[]> attachments) {
    return new EncodedPacket(head, false, List.copyOf(attachments));
  }

  /** The first frame; see {@link #isBinary()}. */
  public byte[] head() {
    return head;
  }

  /** Whether the first frame is binary, not text. */
  public boolean isBinary() {
    return binary;
  }

  /** The binary frames that follow the first. */
  public List<byte[]> attachments() {
    return attachments;
  }

  /** What this packet takes of a queue that is bounded by bytes. */
  public int cost() {
    return cost;
  }

  /** How many bytes {@link #appendTo} adds, or a few more. */
  public long payloadLength() {
    long length = frameLength(head, binary);
    for (byte[] attachment : attachments) {
      length += frameLength(attachment, true);
    }
    return length;
  }

  /** Adds this packet to the body of a poll's answer, after a separator if it is not the first. */
  public void appendTo(ByteArrayOutputStream payload) {
    append(payload, head, binary);
    for (byte[] attachment : attachments) {
      append(payload, attachment, true);
    }
  }

  private static long frameLength(byte[] frame, boolean binary) {
    return 2 + (binary ? (frame.length + 2L) / 3 * 4 : frame.length);
  }

  private static void append(ByteArrayOutputStream payload, byte[] frame, boolean binary) {
    if (payload.size() > 0) {
      payload.write(EngineCodec.SEPARATOR);
    }
    if (binary) {
      payload.write(BINARY);
      payload.writeBytes(Base64.getEncoder().encode(frame));
    } else {
      payload.writeBytes(frame);
    }
  }
}
