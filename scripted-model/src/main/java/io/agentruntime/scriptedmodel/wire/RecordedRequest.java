// SPDX-License-Identifier: MIT

package io.agentruntime.scriptedmodel.wire;

import com.fasterxml.jackson.core.JsonProcessingException;
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
 * @param session the agent program's session, empty when it does not say
 * @param agent the subagent of that session, empty for the main agent
 * @param system the system text
 * @param tools names of the offered tools
 * @param streaming whether an event stream was asked for
 * @param body the request's JSON as text
 */
public record RecordedRequest(
    String wireFormat,
    String model,
    Optional<String> apiKeySha256,
    String session,
    String agent,
    String system,
    List<String> tools,
    boolean streaming,
    String body) {

  public RecordedRequest {
    tools = List.copyOf(tools);
  }

  /** The messages in the vendor's form; parsed anew at each call, as trees take much memory. */
  public JsonNode messages() {
    try {
      JsonNode root = WireJson.MAPPER.readTree(body);
      return root.path(root.has("contents") ? "contents" : "messages");
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("The body was JSON when it came", e);
    }
  }

  /** Names neither texts nor hash. */
  @Override
  public String toString() {
    return wireFormat + " request for " + model + " (" + body.length() + " characters)";
  }
}
