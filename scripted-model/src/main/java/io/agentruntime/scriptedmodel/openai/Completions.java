// SPDX-License-Identifier: MIT

package io.agentruntime.scriptedmodel.openai;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.agentruntime.scriptedmodel.play.Hashes;
import io.agentruntime.scriptedmodel.play.Reply;
import io.agentruntime.scriptedmodel.wire.WireJson;

/**
 * The JSON pieces of one reply, shared by the whole answer and by the event stream. Ids come from
 * the reply's key: the same conversation always gets the same ids.
 */
record Completions(ChatRequest request, Reply reply) {

  private static final int CODE_POINTS_PER_TOKEN = 4;

  /** Always the same time, as all else in an answer is. */
  private static final long CREATED = 1_767_225_600L;

  /** The frame of an answer, or of a piece of one. */
  ObjectNode frame(String object) {
    ObjectNode frame = object();
    frame.put("id", "chatcmpl-" + reply.key().substring(0, 24));
    frame.put("object", object);
    frame.put("created", CREATED);
    frame.put("model", request.model());
    return frame;
  }

  /** A tool call without its arguments; {@code index} counts the calls of this reply. */
  ObjectNode call(String name, int index) {
    ObjectNode call = object();
    call.put("id", "call_" + Hashes.sha256("tool" + index + reply.key()).substring(0, 24));
    call.put("type", "function");
    call.putObject("function").put("name", name);
    return call;
  }

  /** Why the answer ends; a script may use the word of another vendor for a full answer. */
  String finishReason() {
    String wanted = reply.stopReason().orElse(reply.callsTools() ? "tool_calls" : "stop");
    return wanted.equals("max_tokens") ? "length" : wanted;
  }

  ObjectNode usage(int textCodePoints, int thoughtCodePoints) {
    int thoughts = Math.ceilDiv(thoughtCodePoints, CODE_POINTS_PER_TOKEN);
    int output = thoughts + Math.max(1, Math.ceilDiv(textCodePoints, CODE_POINTS_PER_TOKEN));
    ObjectNode usage = object();
    usage.put("prompt_tokens", request.inputTokens());
    usage.put("completion_tokens", output);
    usage.put("total_tokens", request.inputTokens() + output);
    usage.putObject("prompt_tokens_details").put("cached_tokens", request.cachedTokens());
    usage.putObject("completion_tokens_details").put("reasoning_tokens", thoughts);
    return usage;
  }

  static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  static byte[] bytes(ObjectNode node) {
    try {
      return WireJson.MAPPER.writeValueAsBytes(node);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("A JSON tree can always be written", e);
    }
  }
}
