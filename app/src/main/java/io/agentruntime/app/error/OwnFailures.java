// SPDX-License-Identifier: MIT

package io.agentruntime.app.error;

import io.agentruntime.app.embedding.Mode;
import io.agentruntime.error.AgentRuntimeException;
import io.micronaut.context.annotation.Factory;
import io.micronaut.context.annotation.Requires;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.server.exceptions.ExceptionHandler;
import jakarta.inject.Singleton;

/**
 * Hands what only our own code throws to {@link ErrorReplies}; everything else is the application's
 * that our routes are part of.
 */
@Factory
@Requires(property = Mode.PROPERTY, value = Mode.EMBEDDED)
final class OwnFailures {
  private final ErrorReplies replies;

  OwnFailures(ErrorReplies replies) {
    this.replies = replies;
  }

  @Singleton
  ExceptionHandler<AgentRuntimeException, HttpResponse<?>> ofTheRuntime() {
    return (request, failure) ->
        replies.of(failure, request.getMethodName() + " " + request.getPath());
  }

  @Singleton
  ExceptionHandler<ValidationException, HttpResponse<?>> ofTheBody() {
    return (request, failure) ->
        replies.of(failure, request.getMethodName() + " " + request.getPath());
  }
}
