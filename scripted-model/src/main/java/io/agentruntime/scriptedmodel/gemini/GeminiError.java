// SPDX-License-Identifier: MIT

package io.agentruntime.scriptedmodel.gemini;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** The failures of the Gemini API: each HTTP status has the name of a remote procedure's status. */
record GeminiError(int code, String status, String message) {

  static GeminiError of(int code) {
    return switch (code) {
      case 401 -> new GeminiError(code, "UNAUTHENTICATED", "API key not valid.");
      case 402 -> new GeminiError(code, "FAILED_PRECONDITION", "Billing is not enabled.");
      case 403 -> new GeminiError(code, "PERMISSION_DENIED", "The caller lacks permission.");
      case 404 -> new GeminiError(code, "NOT_FOUND", "Not found");
      case 413 -> new GeminiError(code, "INVALID_ARGUMENT", "The request payload is too large.");
      case 429 -> new GeminiError(code, "RESOURCE_EXHAUSTED", "You exceeded your current quota.");
      case 503 -> new GeminiError(code, "UNAVAILABLE", "The model is overloaded.");
      case 504 -> new GeminiError(code, "DEADLINE_EXCEEDED", "The request timed out.");
      default ->
          code >= 500
              ? new GeminiError(code, "INTERNAL", "An internal error has occurred.")
              : new GeminiError(code, "INVALID_ARGUMENT", "The script asked for this failure.");
    };
  }

  static GeminiError of(int code, String message) {
    return new GeminiError(code, of(code).status(), message);
  }

  ObjectNode body() {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.putObject("error").put("code", code).put("message", message).put("status", status);
    return body;
  }
}
