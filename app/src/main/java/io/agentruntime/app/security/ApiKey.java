// SPDX-License-Identifier: MIT

package io.agentruntime.app.security;

import io.agentruntime.model.workspace.ContentHash;
import io.agentruntime.spi.Secret;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The key that clients must send; only its hash is kept. Immutable. */
public final class ApiKey {
  private final byte[] hash;

  private ApiKey(byte[] hash) {
    this.hash = hash;
  }

  /** The key with this value. */
  public static ApiKey of(Secret value) {
    return new ApiKey(hash(value.reveal()));
  }

  /** Whether this is the key; takes the same time for all keys of one length. */
  public boolean matches(String candidate) {
    return MessageDigest.isEqual(hash, hash(candidate));
  }

  /**
   * The key that a request carries: {@code Authorization: Bearer <key>}, the bare key there, or
   * {@code x-api-key}.
   */
  public static Optional<String> from(@Nullable String authorization, @Nullable String apiKey) {
    if (authorization != null && !authorization.isBlank()) {
      String text = authorization.strip();
      boolean bearer = text.regionMatches(true, 0, "Bearer ", 0, 7);
      return Optional.of(bearer ? text.substring(7).strip() : text);
    }
    return Optional.ofNullable(apiKey).map(String::strip).filter(key -> !key.isEmpty());
  }

  /** A short name of the key that tells nothing about it. */
  public String fingerprint() {
    byte[] name = ContentHash.digest().digest(hash);
    return HexFormat.of().formatHex(name, 0, 6);
  }

  private static byte[] hash(String value) {
    return ContentHash.digest().digest(value.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public String toString() {
    return "ApiKey[" + fingerprint() + "]";
  }
}
