// SPDX-License-Identifier: MIT

package io.agentruntime.sandbox.modal;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A signed token of Modal's, of which only the end of its life is read.
 *
 * @param text secret
 */
record Jwt(String text) {
  private static final Pattern EXPIRY = Pattern.compile("\"exp\"\\s*:\\s*([0-9]{1,12})");

  /** When it ends, if it tells. */
  Optional<Instant> expiry() {
    String[] parts = text.split("\\.");
    if (parts.length != 3) {
      return Optional.empty();
    }
    try {
      String payload =
          new String(
              Base64.getUrlDecoder().decode(parts[1].replace("=", "")), StandardCharsets.UTF_8);
      Matcher found = EXPIRY.matcher(payload);
      return found.find()
          ? Optional.of(Instant.ofEpochSecond(Long.parseLong(found.group(1))))
          : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty(); // not base64: then it tells nothing
    }
  }

  @Override
  public String toString() {
    return "Jwt[redacted]";
  }
}
