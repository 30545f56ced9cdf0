// SPDX-License-Identifier: MIT

package io.agentruntime.model.workspace;

import io.agentruntime.error.AgentRuntimeException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The SHA-256 of a content, in lower-case hex.
 *
 * @param hex 64 characters
 */
public record ContentHash(String hex) {
  /** Checks the shape. */
  public ContentHash {
    if (!hex.matches("[0-9a-f]{64}")) {
      throw AgentRuntimeException.invalid("hash", "64 lower-case hex digits");
    }
  }

  /** The hash of these bytes. */
  public static ContentHash of(byte[] content) {
    return new ContentHash(HexFormat.of().formatHex(digest().digest(content)));
  }

  /** A digest to feed with a streamed content. */
  public static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this JDK has no SHA-256", e);
    }
  }

  /** The hash that a digest, fed with the whole content, has come to. */
  public static ContentHash of(MessageDigest digest) {
    return new ContentHash(HexFormat.of().formatHex(digest.digest()));
  }

  @Override
  public String toString() {
    return hex;
  }
}
