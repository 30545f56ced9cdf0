// SPDX-License-Identifier: MIT

package io.agentruntime.app.gateway.stream;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Some messages of a stream of server-sent events, as bytes. Confined to one thread. */
final class SseChunk {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);

  void line(byte[] field, String value) {
    line(field, value.getBytes(StandardCharsets.US_ASCII));
  }

  /** A field; the value has no line break. */
  void line(byte[] field, byte[] value) {
    bytes.writeBytes(field);
    bytes.writeBytes(value);
    bytes.write('\n');
  }

  /** The end of a message. */
  void blank() {
    bytes.write('\n');
  }

  int size() {
    return bytes.size();
  }

  byte[] bytes() {
    return bytes.toByteArray();
  }
}
