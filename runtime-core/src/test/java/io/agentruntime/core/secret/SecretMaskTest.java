// SPDX-License-Identifier: MIT

package io.agentruntime.core.secret;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SecretMaskTest {
  private static final String KEY = "sk-\"odd\"\\key/ü-1234";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sk-\"odd\"\\key/ü-1234",
        "sk-\\\"odd\\\"\\\\key/ü-1234",
        "sk-\\\"odd\\\"\\\\key\\/ü-1234",
        "sk-\\\"odd\\\"\\\\key/\\u00fc-1234",
        "sk-\\\"odd\\\"\\\\key\\/\\u00fc-1234",
        "sk-%22odd%22%5Ckey%2F%C3%BC-1234"
      })
  void everyFormOfAKeyIsMaskedAtItsLength(String form) {
    assertThat(SecretMask.of(List.of(KEY)).mask("a " + form + " z"))
        .isEqualTo("a " + "*".repeat(form.length()) + " z");
  }

  @Test
  void theLinesOfAKeyFileAreMaskedOneByOne() {
    String file = "-----BEGIN KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQ\nshort\n-----END KEY-----\n";

    assertThat(SecretMask.of(List.of(file)).mask("2  MIIEvQIBADANBgkqhkiG9w0BAQ"))
        .isEqualTo("2  **************************");
  }

  @Test
  void aValueThatIsTooShortIsLeftAlone() {
    assertThat(SecretMask.of(List.of("yes")).mask("yes")).isEqualTo("yes");
  }

  @Test
  void bytesAreMaskedHoweverTheyAreCut() throws IOException {
    SecretMask mask = SecretMask.of(List.of(KEY, "another-secret"));
    String text = ("x".repeat(9_000) + KEY + "another-secre another-secret " + KEY).repeat(4);
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    Random random = new Random(7);

    for (int round = 0; round < 50; round++) {
      InputStream cut = new Cut(bytes, random);
      String masked =
          new String(MaskingInputStream.of(cut, mask).readAllBytes(), StandardCharsets.UTF_8);

      assertThat(masked)
          .doesNotContain("odd")
          .doesNotContain("another-secret")
          .contains("another-secre ");
      assertThat(masked.getBytes(StandardCharsets.UTF_8)).hasSameSizeAs(bytes);
    }
  }

  /** Gives as few bytes at a time as chance will have it. */
  private static final class Cut extends ByteArrayInputStream {
    private final Random random;

    Cut(byte[] bytes, Random random) {
      super(bytes);
      this.random = random;
    }

    @Override
    public synchronized int read(byte[] target, int offset, int length) {
      return super.read(target, offset, Math.min(length, 1 + random.nextInt(3_000)));
    }
  }
}
