// SPDX-License-Identifier: MIT

package io.agentruntime.scriptedmodel.anthropic;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.agentruntime.scriptedmodel.play.Hashes;
import io.agentruntime.scriptedmodel.play.Reply;
import io.agentruntime.scriptedmodel.wire.WireJson;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;

/**
 * One model message's identity and JSON pieces, shared by the whole answer and by the event stream.
 * Ids come from the reply's key: the same conversation always gets the same ids.
 */
record Messages(MessagesRequest request, Reply reply) {

  private static final int CODE_POINTS_PER_TOKEN = 4;

  String messageId() {
    return "msg_" + reply.key().substring(0, 24);
  }

  String requestId() {
    return requestId(reply.key());
  }

  static String requestId(String key) {
    return "req_" + Hashes.sha256("request" + key).substring(0, 24);
  }

  String toolUseId(int index) {
    return "toolu_" + Hashes.sha256("tool" + index + reply.key()).substring(0, 24);
  }

  /** Opaque to the client, like a real one. */
  String signature(String thinking) {
    byte[] hash = Hashes.sha256(thinking).getBytes(StandardCharsets.US_ASCII);
    return Base64.getEncoder().encodeToString(hash);
  }

  String stopReason() {
    return reply.stopReason().orElse(reply.callsTools() ? "tool_use" : "end_turn");
  }

  /** The message without content, as a stream begins with it. */
  ObjectNode skeleton() {
    ObjectNode message = object();
    message.put("id", messageId());
    message.put("type", "message");
    message.put("role", "assistant");
    message.put("model", request.model());
    message.putArray("content");
    message.putNull("stop_reason");
    message.putNull("stop_sequence");
    message.set("usage", usage(1));
    return message;
  }

  /** Earlier messages count as read from the cache, first requests as written to it. */
  ObjectNode usage(int outputTokens) {
    int latest = request.latestMessageTokens();
    int rest = request.inputTokens() - latest;
    boolean first = request.messages().size() <= 2;
    ObjectNode usage = object();
    usage.put("input_tokens", latest);
    usage.put("cache_creation_input_tokens", first ? rest : 0);
    usage.put("cache_read_input_tokens", first ? 0 : rest);
    usage.put("output_tokens", outputTokens);
    usage.put("service_tier", "standard");
    return usage;
  }

  static int tokens(int codePoints) {
    return Math.ceilDiv(codePoints, CODE_POINTS_PER_TOKEN);
  }

  static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  static ObjectNode object(Map<String, Object> map) {
    return WireJson.MAPPER.valueToTree(map);
  }

  static byte[] bytes(ObjectNode node) {
    try {
      return WireJson.MAPPER.writeValueAsBytes(node);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("A JSON tree can always be written", e);
    }
  }
}
