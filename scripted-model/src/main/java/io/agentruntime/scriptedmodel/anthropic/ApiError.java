// SPDX-License-Identifier: MIT

package io.agentruntime.scriptedmodel.anthropic;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** The failures of the Anthropic API: one error type for each status. */
record ApiError(int status, String type, String message) {

  static ApiError of(int status) {
    return switch (status) {
      case 401 -> new ApiError(status, "authentication_error", "invalid x-api-key");
      case 402 -> new ApiError(status, "billing_error", "Your credit balance is too low.");
      case 403 -> new ApiError(status, "permission_error", "Your API key may not do this.");
      case 404 -> new ApiError(status, "not_found_error", "Not found");
      case 413 -> new ApiError(status, "request_too_large", "Request exceeds the maximum size");
      case 429 ->
          new ApiError(status, "rate_limit_error", "This request would exceed your rate limit.");
      case 504 -> new ApiError(status, "timeout_error", "The request timed out.");
      case 529 -> new ApiError(status, "overloaded_error", "Overloaded");
      default ->
          status >= 500
              ? new ApiError(status, "api_error", "Internal server error")
              : new ApiError(status, "invalid_request_error", "The script asked for this failure.");
    };
  }

  static ApiError of(int status, String message) {
    return new ApiError(status, of(status).type(), message);
  }

  ObjectNode body(String requestId) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.put("type", "error");
    body.putObject("error").put("type", type).put("message", message);
    body.put("request_id", requestId);
    return body;
  }
}
