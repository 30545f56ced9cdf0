// SPDX-License-Identifier: MIT

package io.agentruntime.app.error;

import io.agentruntime.app.embedding.Mode;
import io.agentruntime.error.ErrorCode;
import io.agentruntime.error.StandardError;
import io.micronaut.context.annotation.Primary;
import io.micronaut.context.annotation.Requires;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.server.exceptions.response.ErrorContext;
import io.micronaut.http.server.exceptions.response.ErrorResponseProcessor;
import jakarta.inject.Singleton;

/** Gives the framework's own refusals (no such route, body too large, …) our shape. */
@Singleton
@Primary
@Requires(property = Mode.PROPERTY, value = Mode.SERVER)
final class FrameworkErrors implements ErrorResponseProcessor<byte[]> {
  private final ErrorReplies replies;

  FrameworkErrors(ErrorReplies replies) {
    this.replies = replies;
  }

  @Override
  public MutableHttpResponse<byte[]> processResponse(
      ErrorContext context, MutableHttpResponse<?> response) {
    ErrorCode code = codeOf(response.code());
    return replies.of(code, textOf(code));
  }

  private static ErrorCode codeOf(int status) {
    return switch (status) {
      case 404, 405 -> HttpError.NOT_FOUND;
      case 413 -> HttpError.BODY_TOO_LARGE;
      default -> status < 500 ? HttpError.BAD_REQUEST : StandardError.INTERNAL_ERROR;
    };
  }

  private static String textOf(ErrorCode code) {
    return switch (code) {
      case HttpError.NOT_FOUND -> "Not found";
      case HttpError.BODY_TOO_LARGE -> "The request body is too large";
      case HttpError.BAD_REQUEST -> "The request cannot be understood";
      default -> "Internal server error";
    };
  }
}
