// SPDX-License-Identifier: MIT

package io.agentruntime.app.error;

import io.agentruntime.app.embedding.Mode;
import io.micronaut.context.annotation.Requires;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.server.exceptions.ExceptionHandler;
import jakarta.inject.Singleton;

/** Hands everything that a route throws to {@link ErrorReplies}. */
@Singleton
@Requires(property = Mode.PROPERTY, value = Mode.SERVER)
final class FailureHandler implements ExceptionHandler<Throwable, HttpResponse<?>> {
  private final ErrorReplies replies;

  FailureHandler(ErrorReplies replies) {
    this.replies = replies;
  }

  @Override
  @SuppressWarnings("rawtypes") // The interface's own signature.
  public HttpResponse<?> handle(HttpRequest request, Throwable failure) {
    return replies.of(failure, request.getMethodName() + " " + request.getPath());
  }
}
