// SPDX-License-Identifier: MIT

package io.agentruntime.model.turn;

import io.agentruntime.model.Ids;
import io.agentruntime.model.session.SessionId;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.UUID;

/**
 * The id of a user message, a UUID in text form.
 *
 * @param value the text
 */
public record MessageId(String value) {
  /** Checks the shape. */
  public MessageId {
    Ids.require("messageId", value);
  }

  /**
   * The id that a client's idempotency key stands for: a name-based UUID (version 5, RFC 9562) of
   * session and key, so that a repeated request names the same message.
   */
  public static MessageId of(SessionId session, String key) {
    try {
      byte[] name = (session.value() + '\n' + key).getBytes(StandardCharsets.UTF_8);
      byte[] hash = MessageDigest.getInstance("SHA-1").digest(name);
      hash[6] = (byte) ((hash[6] & 0x0f) | 0x50);
      hash[8] = (byte) ((hash[8] & 0x3f) | 0x80);
      long high = 0;
      long low = 0;
      for (int i = 0; i < 8; i++) {
        high = (high << 8) | (hash[i] & 0xff);
        low = (low << 8) | (hash[i + 8] & 0xff);
      }
      return new MessageId(new UUID(high, low).toString());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this JDK has no SHA-1", e);
    }
  }

  @Override
  public String toString() {
    return value;
  }
}
