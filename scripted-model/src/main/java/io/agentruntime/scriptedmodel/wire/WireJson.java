// SPDX-License-Identifier: MIT

package io.agentruntime.scriptedmodel.wire;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;

/** JSON as the vendors' APIs read and write it. */
public final class WireJson {

  /**
   * Reads texts of any length, as the limit on bodies bounds them already; writes characters
   * outside the basic plane as they are, not escaped. Thread-safe.
   */
  public static final ObjectMapper MAPPER =
      new ObjectMapper(
          JsonFactory.builder()
              .streamReadConstraints(
                  StreamReadConstraints.builder().maxStringLength(Integer.MAX_VALUE).build())
              .enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8)
              .build());

  private WireJson() {}

  /**
   * Reads a request's body.
   *
   * @throws IllegalArgumentException when it is no JSON object; the message can be shown to the
   *     client
   */
  public static JsonNode readObject(byte[] body) {
    JsonNode root;
    try {
      root = MAPPER.readTree(body);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("The body is not JSON: " + e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw new IllegalArgumentException("The body is not JSON", e);
    }
    if (!root.isObject()) {
      throw new IllegalArgumentException("The body is not a JSON object");
    }
    return root;
  }
}
