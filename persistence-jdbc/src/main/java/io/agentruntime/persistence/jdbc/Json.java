// SPDX-License-Identifier: MIT

package io.agentruntime.persistence.jdbc;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerationException;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamWriteConstraints;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import java.io.IOException;
import java.util.Map;

/** Maps of JSON-like values as bytes. Stateless. */
final class Json {
  private static final TypeReference<Map<String, Object>> MAP = new TypeReference<>() {};

  /** What was written must be readable: the values were bounded where they came in. */
  private static final StreamReadConstraints ANY_SIZE =
      StreamReadConstraints.builder()
          .maxStringLength(Integer.MAX_VALUE)
          .maxNameLength(Integer.MAX_VALUE)
          .maxNumberLength(Integer.MAX_VALUE)
          .maxNestingDepth(2_000)
          .build();

  private static final ObjectMapper MAPPER = new ObjectMapper(factory().build());

  /** Keeps halves of surrogate pairs too, which a stream of deltas may end with. */
  private static final ObjectMapper ESCAPING =
      new ObjectMapper(factory().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build());

  private Json() {}

  private static JsonFactoryBuilder factory() {
    return (JsonFactoryBuilder)
        JsonFactory.builder()
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .streamReadConstraints(ANY_SIZE)
            .streamWriteConstraints(
                StreamWriteConstraints.builder().maxNestingDepth(2_000).build());
  }

  static byte[] write(Map<String, ?> map) {
    try {
      return MAPPER.writeValueAsBytes(map);
    } catch (JsonGenerationException e) {
      return writeEscaped(map);
    } catch (JsonProcessingException e) {
      if (e.getCause() instanceof JsonGenerationException
          || String.valueOf(e.getMessage()).contains("surrogate")) {
        return writeEscaped(map);
      }
      throw new IllegalArgumentException("not JSON-like: " + e.getOriginalMessage(), e);
    }
  }

  private static byte[] writeEscaped(Map<String, ?> map) {
    try {
      return ESCAPING.writeValueAsBytes(map);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("not JSON-like: " + e.getOriginalMessage(), e);
    }
  }

  /**
   * Reads what {@link #write} wrote.
   *
   * @param what it is, for the message
   */
  static Map<String, Object> read(String what, byte[] json) {
    try {
      return MAPPER.readValue(json, MAP);
    } catch (IOException e) {
      throw new AgentRuntimeException(
          StandardError.STORE_CORRUPT, "stored " + what + " is not JSON", e);
    }
  }
}
