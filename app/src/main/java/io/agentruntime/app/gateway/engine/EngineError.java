// SPDX-License-Identifier: MIT

package io.agentruntime.app.gateway.engine;

/** The refusals of the Engine.IO protocol. */
enum EngineError {
  UNKNOWN_TRANSPORT(400, 0, "Transport unknown"),
  UNKNOWN_SESSION(400, 1, "Session ID unknown"),
  BAD_HANDSHAKE_METHOD(400, 2, "Bad handshake method"),
  BAD_REQUEST(400, 3, "Bad request"),
  FORBIDDEN(403, 4, "Forbidden"),
  UNSUPPORTED_VERSION(400, 5, "Unsupported protocol version"),
  TOO_LARGE(413, 3, "Payload too large"),
  TOO_MANY_CONNECTIONS(503, 4, "Too many connections");

  private final int status;
  private final String reason;
  private final String json;

  EngineError(int status, int code, String message) {
    this.status = status;
    this.reason = message;
    this.json = "{\"code\":" + code + ",\"message\":\"" + message + "\"}";
  }

  int status() {
    return status;
  }

  String reason() {
    return reason;
  }

  String json() {
    return json;
  }
}
