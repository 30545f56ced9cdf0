// SPDX-License-Identifier: MIT

package io.agentruntime.scriptedmodel.gemini;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.agentruntime.scriptedmodel.play.Beat;
import io.agentruntime.scriptedmodel.play.Hashes;
import io.agentruntime.scriptedmodel.play.Reply;
import io.agentruntime.scriptedmodel.wire.WireJson;
import java.util.Locale;

/**
 * The JSON pieces of one reply, shared by the whole answer and by the event stream. Ids come from
 * the reply's key: the same conversation always gets the same ids.
 */
record Candidates(GenerateRequest request, Reply reply) {

  private static final int CODE_POINTS_PER_TOKEN = 4;

  /** The part of a tool call; {@code index} counts the calls of this reply. */
  ObjectNode call(Beat.ToolUse use, int index) {
    ObjectNode part = object();
    ObjectNode call = part.putObject("functionCall");
    call.put("id", "call_" + Hashes.sha256("tool" + index + reply.key()).substring(0, 24));
    call.put("name", use.name());
    call.set("args", WireJson.MAPPER.valueToTree(use.input()));
    return part;
  }

  static ObjectNode text(String text) {
    return object().put("text", text);
  }

  static ObjectNode thought(String text) {
    return object().put("text", text).put("thought", true);
  }

  /** An answer, or a piece of one, with an empty list of parts at {@link #parts}. */
  ObjectNode answer() {
    ObjectNode answer = object();
    ObjectNode candidate = answer.putArray("candidates").addObject();
    candidate.putObject("content").put("role", "model").putArray("parts");
    candidate.put("index", 0);
    answer.put("modelVersion", request.model());
    answer.put("responseId", reply.key().substring(0, 24));
    return answer;
  }

  static ArrayNode parts(ObjectNode answer) {
    return (ArrayNode) answer.at("/candidates/0/content/parts");
  }

  /** Adds why the answer ends and what it took. */
  void end(ObjectNode answer, int textCodePoints, int thoughtCodePoints) {
    String reason = reply.stopReason().orElse("stop").toUpperCase(Locale.ROOT);
    ((ObjectNode) answer.at("/candidates/0")).put("finishReason", reason);
    answer.set("usageMetadata", usage(textCodePoints, thoughtCodePoints));
  }

  private ObjectNode usage(int textCodePoints, int thoughtCodePoints) {
    int output = Math.max(1, Math.ceilDiv(textCodePoints, CODE_POINTS_PER_TOKEN));
    int thoughts = Math.ceilDiv(thoughtCodePoints, CODE_POINTS_PER_TOKEN);
    ObjectNode usage = object();
    usage.put("promptTokenCount", request.inputTokens());
    usage.put("candidatesTokenCount", output);
    usage.put("totalTokenCount", request.inputTokens() + output + thoughts);
    if (thoughts > 0) {
      usage.put("thoughtsTokenCount", thoughts);
    }
    if (request.cachedTokens() > 0) {
      usage.put("cachedContentTokenCount", request.cachedTokens());
    }
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
