package io.agentruntime.scriptedmodel.wire;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;

/**
 * One request for a message, as tests want to see it.
 *
 * @param wireFormat the vendor's API, for example {@code anthropic}
 * @param model the model that was asked for
 * @param apiKeySha256 the hash of the key that came with it, in hexadecimal; the key itself is not
 *     kept
 * @param system the system text
 * @param messages the messages in the vendor's form; must not be changed
 * @param tools names of the offered tools
 * @param streaming whether an event stream was asked for
 * @param bytes size of the request's body
 */
public record RecordedRequest(
    String wireFormat,
    String model,
    Optional<String> apiKeySha256,
    String system,
    JsonNode messages,
    List<String> tools,
    boolean streaming,
    int bytes) {

  public RecordedRequest {
    tools = List.copyOf(tools);
  }
}
