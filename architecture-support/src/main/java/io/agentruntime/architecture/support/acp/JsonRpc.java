// SPDX-License-Identifier: MIT

package io.agentruntime.architecture.support.acp;

import com.fasterxml.jackson.databind.JsonNode;
import io.agentruntime.architecture.support.json.Json;
import java.util.LinkedHashMap;
import java.util.Map;

/** JSON-RPC 2.0, one message a line. */
public final class JsonRpc {
  private static final int METHOD_NOT_FOUND = -32601;

  private JsonRpc() {}

  /** A request. */
  public static String request(long id, String method, Map<String, Object> parameters) {
    Map<String, Object> message = message();
    message.put("id", id);
    message.put("method", method);
    message.put("params", parameters);
    return Json.write(message);
  }

  /** A message that wants no answer. */
  public static String notification(String method, Map<String, Object> parameters) {
    Map<String, Object> message = message();
    message.put("method", method);
    message.put("params", parameters);
    return Json.write(message);
  }

  /** The answer to the other side's request. */
  static String result(JsonNode id, Map<String, Object> result) {
    Map<String, Object> message = message();
    message.put("id", id);
    message.put("result", result);
    return Json.write(message);
  }

  /** The answer to a request that is not known here; silence would make the other side wait. */
  static String unknownMethod(JsonNode id, String method) {
    Map<String, Object> error = new LinkedHashMap<>();
    error.put("code", METHOD_NOT_FOUND);
    error.put("message", "This client does not offer " + method);
    Map<String, Object> message = message();
    message.put("id", id);
    message.put("error", error);
    return Json.write(message);
  }

  private static Map<String, Object> message() {
    Map<String, Object> message = new LinkedHashMap<>();
    message.put("jsonrpc", "2.0");
    return message;
  }
}
