// SPDX-License-Identifier: MIT

package io.agentruntime.app.error;

import io.agentruntime.error.ErrorCode;
import io.agentruntime.error.ErrorKind;

/** Reasons for refusing a request that only the HTTP side knows. */
public enum HttpError implements ErrorCode {
  /** No key came with the request. */
  AUTH_REQUIRED(401, ErrorKind.USER, false),
  /** The key is wrong. */
  INVALID_API_KEY(401, ErrorKind.USER, false),
  /** Pages of that origin may not connect. */
  FORBIDDEN_ORIGIN(403, ErrorKind.USER, false),
  /** No such route, or not with this method. */
  NOT_FOUND(404, ErrorKind.USER, false),
  /** No agent profile has that id. */
  PROFILE_NOT_FOUND(404, ErrorKind.USER, false),
  /** There is an agent profile of that id already. */
  PROFILE_EXISTS(409, ErrorKind.CONFLICT, false),
  /** The agent profile comes with the server or lies in its folder. */
  PROFILE_READ_ONLY(409, ErrorKind.CONFLICT, false),
  /** Sessions were created with the agent profile, and cannot do without it. */
  PROFILE_IN_USE(409, ErrorKind.CONFLICT, false),
  /** The agent profile is not in the version that the client knows. */
  PROFILE_CHANGED(412, ErrorKind.CONFLICT, false),
  /** No waiting message has that id. */
  MESSAGE_NOT_FOUND(404, ErrorKind.USER, false),
  /** The body does not have the shape that the route wants; the reply lists each field. */
  VALIDATION_FAILED(400, ErrorKind.USER, false),
  /** The body is not JSON. */
  MALFORMED_JSON(400, ErrorKind.USER, false),
  /** Something else about the request cannot be understood. */
  BAD_REQUEST(400, ErrorKind.USER, false),
  /** The body is larger than allowed. */
  BODY_TOO_LARGE(413, ErrorKind.RESOURCE, false),
  /** Too many requests of this client. */
  RATE_LIMITED(429, ErrorKind.RESOURCE, true);

  private final int status;
  private final ErrorKind kind;
  private final boolean retryable;

  HttpError(int status, ErrorKind kind, boolean retryable) {
    this.status = status;
    this.kind = kind;
    this.retryable = retryable;
  }

  int status() {
    return status;
  }

  @Override
  public ErrorKind kind() {
    return kind;
  }

  @Override
  public boolean retryable() {
    return retryable;
  }
}
