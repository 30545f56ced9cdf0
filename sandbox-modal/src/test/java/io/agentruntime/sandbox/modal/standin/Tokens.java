// SPDX-License-Identifier: MIT

package io.agentruntime.sandbox.modal.standin;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Signed tokens (JWT, HS256) for one subject, with an end. Thread-safe. */
final class Tokens {
  private static final Pattern CLAIMS =
      Pattern.compile("\\{\"sub\":\"([^\"]*)\",\"exp\":([0-9]+),\"n\":[0-9]+}");
  private static final String HEADER =
      encode("{\"alg\":\"HS256\",\"typ\":\"JWT\"}".getBytes(UTF_8));

  private final byte[] key = new byte[32];
  private final InstantSource clock;
  private final Duration lifetime;
  private long number;
  private long revoked;

  Tokens(InstantSource clock, Duration lifetime) {
    this.clock = clock;
    this.lifetime = lifetime;
    new SecureRandom().nextBytes(key);
  }

  synchronized String issue(String subject) {
    long end = clock.instant().plus(lifetime).getEpochSecond();
    String claims = "{\"sub\":\"" + subject + "\",\"exp\":" + end + ",\"n\":" + number++ + "}";
    String body = HEADER + "." + encode(claims.getBytes(UTF_8));
    return body + "." + encode(sign(body));
  }

  /** Everything issued so far is refused from now on. */
  synchronized void revokeAll() {
    revoked = number;
  }

  /** Whether a token is ours, of this subject, and not over. */
  synchronized boolean isGood(String token, String subject) {
    int dot = token.lastIndexOf('.');
    if (dot < 0 || !token.startsWith(HEADER + ".") || dot <= HEADER.length()) {
      return false;
    }
    String body = token.substring(0, dot);
    byte[] given = token.substring(dot + 1).getBytes(UTF_8);
    if (!MessageDigest.isEqual(encode(sign(body)).getBytes(UTF_8), given)) {
      return false;
    }
    String claims =
        new String(Base64.getUrlDecoder().decode(body.substring(HEADER.length() + 1)), UTF_8);
    Matcher matcher = CLAIMS.matcher(claims);
    return matcher.matches()
        && matcher.group(1).equals(subject)
        && Long.parseLong(matcher.group(2)) > clock.instant().getEpochSecond()
        && Long.parseLong(claims.replaceAll(".*\"n\":|}", "")) >= revoked;
  }

  private byte[] sign(String body) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return mac.doFinal(body.getBytes(UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Every JDK has HmacSHA256", e);
    }
  }

  private static String encode(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
