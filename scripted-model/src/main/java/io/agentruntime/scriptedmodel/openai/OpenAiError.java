// SPDX-License-Identifier: MIT

package io.agentruntime.scriptedmodel.openai;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** The failures of the OpenAI API: a type for each status, and a code for some. */
record OpenAiError(int status, String type, String code, String message) {

  private static final String REQUEST = "invalid_request_error";

  static OpenAiError of(int status) {
    return switch (status) {
      case 401 -> new OpenAiError(status, REQUEST, "invalid_api_key", "Incorrect API key provided");
      case 402 ->
          new OpenAiError(
              status, "insufficient_quota", "insufficient_quota", "Your credit balance is too low");
      case 403 -> new OpenAiError(status, "permission_error", "", "Your API key may not do this");
      case 404 -> new OpenAiError(status, REQUEST, "not_found", "Not found");
      case 413 -> new OpenAiError(status, REQUEST, "", "The request payload is too large");
      case 429 -> new OpenAiError(status, "requests", "rate_limit_exceeded", "Rate limit reached");
      default ->
          status >= 500
              ? new OpenAiError(status, "server_error", "", "The server had an error")
              : new OpenAiError(status, REQUEST, "", "The script asked for this failure");
    };
  }

  static OpenAiError of(int status, String message) {
    OpenAiError usual = of(status);
    return new OpenAiError(status, usual.type(), usual.code(), message);
  }

  ObjectNode body() {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    ObjectNode error = body.putObject("error").put("message", message).put("type", type);
    error.putNull("param");
    if (code.isEmpty()) {
      error.putNull("code");
    } else {
      error.put("code", code);
    }
    return body;
  }
}
