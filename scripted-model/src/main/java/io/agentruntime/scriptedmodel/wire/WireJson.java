package io.agentruntime.scriptedmodel.wire;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.ObjectMapper;

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
}
