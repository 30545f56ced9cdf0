// SPDX-License-Identifier: MIT

package io.agentruntime.sandbox.modal.grpc;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/** Cuts a stream of bytes into messages, however the bytes were cut on their way. Confined. */
final class Frames {
  static final int HEADER = 5;

  private final int limit;
  private final Queue<byte[]> complete = new ArrayDeque<>();
  private final byte[] header = new byte[HEADER];
  private int headerLength;
  private byte @Nullable [] message;
  private int expected;
  private int messageLength;

  /**
   * An empty stream.
   *
   * @param limit how long a message may be
   */
  Frames(int limit) {
    this.limit = limit;
  }

  /** A message with its frame, ready to be sent. */
  static byte[] encode(byte[] message) {
    byte[] framed = new byte[HEADER + message.length];
    for (int i = 0; i < 4; i++) {
      framed[1 + i] = (byte) (message.length >>> (24 - 8 * i));
    }
    System.arraycopy(message, 0, framed, HEADER, message.length);
    return framed;
  }

  /** Takes bytes. */
  void add(byte[] bytes) throws GrpcException {
    int at = 0;
    while (at < bytes.length) {
      if (message == null) {
        int count = Math.min(HEADER - headerLength, bytes.length - at);
        System.arraycopy(bytes, at, header, headerLength, count);
        headerLength += count;
        at += count;
        if (headerLength == HEADER) {
          begin();
        }
      } else {
        int count = Math.min(expected - messageLength, bytes.length - at);
        byte[] room = room(message, messageLength + count);
        System.arraycopy(bytes, at, room, messageLength, count);
        message = room;
        messageLength += count;
        at += count;
      }
      finish();
    }
  }

  /** The next whole message, null when there is none yet. */
  byte @Nullable [] poll() {
    return complete.poll();
  }

  /** Whether the stream stands between two messages, where alone it may end. */
  boolean isWhole() {
    return message == null && headerLength == 0;
  }

  private void begin() throws GrpcException {
    long length = 0;
    for (int i = 1; i < HEADER; i++) {
      length = length << 8 | (header[i] & 0xff);
    }
    if (header[0] != 0) {
      throw new GrpcException(
          GrpcStatus.INTERNAL, "a message is compressed, which was not offered", null);
    }
    if (length > limit) {
      throw new GrpcException(
          GrpcStatus.RESOURCE_EXHAUSTED,
          "a message of " + length + " bytes exceeds the limit of " + limit,
          null);
    }
    expected = (int) length;
    messageLength = 0;
    // What a server announces is no reason to take memory for it: the array grows with what comes.
    message = new byte[Math.min(expected, 64 * 1024)];
  }

  private byte[] room(byte[] present, int wanted) {
    if (wanted <= present.length) {
      return present;
    }
    int doubled = (int) Math.min(expected, 2L * present.length);
    return Arrays.copyOf(present, Math.max(wanted, doubled));
  }

  private void finish() {
    if (message != null && messageLength == expected) {
      complete.add(message);
      message = null;
      headerLength = 0;
    }
  }
}
