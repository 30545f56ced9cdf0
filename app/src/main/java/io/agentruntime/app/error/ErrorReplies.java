// SPDX-License-Identifier: MIT

package io.agentruntime.app.error;

import io.agentruntime.app.json.Json;
import io.agentruntime.core.AgentRuntime;
import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.ErrorCode;
import io.agentruntime.error.ErrorKind;
import io.agentruntime.error.StandardError;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.MutableHttpResponse;
import jakarta.inject.Singleton;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes replies of failures. Thread-safe.
 *
 * <p>A failure's own text is shown when it was written for callers; a defect of ours is logged with
 * its cause and shown as nothing but its code.
 */
@Singleton
public final class ErrorReplies {
  private static final Logger LOG = LoggerFactory.getLogger(ErrorReplies.class);
  private static final Duration TRY_AGAIN = Duration.ofSeconds(1);

  private final AgentRuntime runtime;

  /** Hides the secrets that this runtime knows from what is shown. */
  public ErrorReplies(AgentRuntime runtime) {
    this.runtime = runtime;
  }

  /**
   * The reply to a request that failed with this.
   *
   * @param request what was asked for, for the log; no secrets
   */
  public MutableHttpResponse<byte[]> of(Throwable failure, String request) {
    return switch (failure) {
      case ValidationException invalid ->
          reply(
              HttpError.VALIDATION_FAILED,
              new ErrorReply(
                  false, text(invalid), HttpError.VALIDATION_FAILED.name(), invalid.issues()));
      case AgentRuntimeException known when known.code().kind() != ErrorKind.INTERNAL -> {
        if (known.code().kind() == ErrorKind.EXTERNAL) {
          LOG.warn("{}: {} {}", request, known.code().name(), runtime.redact(text(known)));
        }
        yield of(known.code(), runtime.redact(text(known)));
      }
      case AgentRuntimeException defect -> {
        LOG.error("{} failed", request, defect);
        yield of(defect.code(), "Internal server error");
      }
      case InterruptedException stopped -> {
        Thread.currentThread().interrupt();
        yield of(StandardError.SHUTTING_DOWN, "The server is stopping");
      }
      default -> {
        LOG.error("{} failed", request, failure);
        yield of(StandardError.INTERNAL_ERROR, "Internal server error");
      }
    };
  }

  /** The reply for a code, with a text for people. */
  public MutableHttpResponse<byte[]> of(ErrorCode code, String text) {
    MutableHttpResponse<byte[]> reply = reply(code, new ErrorReply(null, text, code.name(), null));
    return code.retryable() ? retryAfter(reply, TRY_AGAIN) : reply;
  }

  /** The reply for a code that holds until some time has passed. */
  public MutableHttpResponse<byte[]> of(ErrorCode code, String text, Duration wait) {
    return retryAfter(reply(code, new ErrorReply(null, text, code.name(), null)), wait);
  }

  private static MutableHttpResponse<byte[]> reply(ErrorCode code, ErrorReply body) {
    return HttpResponse.<byte[]>status(Statuses.of(code), code.name())
        .contentType(MediaType.APPLICATION_JSON_TYPE)
        .body(Json.bytes(body));
  }

  private static MutableHttpResponse<byte[]> retryAfter(
      MutableHttpResponse<byte[]> reply, Duration wait) {
    long seconds = Math.max(1, (wait.toMillis() + 999) / 1000);
    return reply.header(HttpHeaders.RETRY_AFTER, Long.toString(seconds));
  }

  private static String text(Throwable failure) {
    String message = failure.getMessage();
    return message == null ? "Request failed" : message;
  }
}
