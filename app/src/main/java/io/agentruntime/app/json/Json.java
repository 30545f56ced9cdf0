// SPDX-License-Identifier: MIT

package io.agentruntime.app.json;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * JSON of the wire: wire records and JSON-like values to text and back. Stateless and thread-safe.
 *
 * <p>A record's component that is null is left out unless it says otherwise; a null inside a map
 * stays.
 */
public final class Json {
  private static final int MAX_DEPTH = 200;

  private static final ObjectMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).build())
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .defaultPropertyInclusion(
              JsonInclude.Value.construct(JsonInclude.Include.NON_NULL, JsonInclude.Include.ALWAYS))
          .build();

  private Json() {}

  /** A wire record or JSON-like value as UTF-8 text. */
  public static byte[] bytes(Object value) {
    try {
      return MAPPER.writeValueAsBytes(value);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("not a wire value: " + value.getClass(), e);
    }
  }

  /** A wire record or JSON-like value as text. */
  public static String text(Object value) {
    try {
      return MAPPER.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("not a wire value: " + value.getClass(), e);
    }
  }

  /**
   * Reads UTF-8 text into maps, lists, strings, numbers, booleans or null.
   *
   * @throws MalformedJsonException when it is not one JSON value, not UTF-8, or nested too deeply
   */
  public static @Nullable Object read(byte[] text) throws MalformedJsonException {
    try {
      // Decoded here: Jackson would take UTF-16 too and reads some broken sequences.
      String decoded = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(text)).toString();
      return MAPPER.readValue(decoded, Object.class);
    } catch (CharacterCodingException e) {
      throw new MalformedJsonException("not UTF-8");
    } catch (IOException e) {
      // Jackson's message quotes the text.
      throw new MalformedJsonException("not one JSON value");
    }
  }
}
