// SPDX-License-Identifier: MIT

package io.agentruntime.app.gateway.protocol;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import org.jspecify.annotations.Nullable;

/**
 * Reads JSON of a client into plain maps, lists, strings, numbers, booleans and null, within {@link
 * JsonLimits}. Immutable and thread-safe.
 */
public final class JsonText {
  private static final int LONGEST_NUMBER = 64;
  private static final int LONGEST_NAME = 4096;

  private final ObjectReader reader;

  /** Creates a reader that refuses what goes beyond the limits. */
  public JsonText(JsonLimits limits) {
    StreamReadConstraints constraints =
        StreamReadConstraints.builder()
            .maxNestingDepth(limits.maxDepth())
            .maxTokenCount(limits.maxTokens())
            .maxNumberLength(LONGEST_NUMBER)
            .maxNameLength(LONGEST_NAME)
            .build();
    JsonFactory factory =
        JsonFactory.builder()
            .streamReadConstraints(constraints)
            // Names come from outside: they must not stay in a table that all readers share.
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .build();
    this.reader =
        JsonMapper.builder(factory)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build()
            .readerFor(Object.class);
  }

  /** The value that the text denotes. */
  @Nullable Object read(String json) throws ProtocolException {
    try {
      return reader.readValue(json);
    } catch (JsonProcessingException e) {
      throw new ProtocolException("payload is not JSON, or is beyond the limits");
    }
  }
}
