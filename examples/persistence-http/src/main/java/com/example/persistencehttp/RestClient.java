package com.example.persistencehttp;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import io.agentruntime.spi.Secret;
import io.micronaut.http.uri.UriTemplate;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Requests to the service, and what its answers mean. Thread-safe.
 *
 * <p>Every answer that is not understood is a failure: {@code STORE_UNAVAILABLE} for one that may
 * be tried again, {@code STORE_CORRUPT} for what is no answer of such a service.
 */
final class RestClient implements AutoCloseable {
  private static final ObjectMapper JSON =
      new ObjectMapper().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);
  private static final int MAX_REASON = 200;

  private final HttpClient http;
  private final String base;
  private final Duration timeout;
  private final @Nullable Secret token;

  /**
   * A client.
   *
   * @param base the service's URL, without a slash at its end
   * @param timeout how long an answer may take to begin
   * @param token sent with every request, if given
   */
  RestClient(String base, Duration timeout, @Nullable Secret token) {
    this.http = HttpClient.newBuilder().connectTimeout(timeout).build();
    this.base = base;
    this.timeout = timeout;
    this.token = token;
  }

  /** An answer: its status, and its body when it was asked for and is there. */
  record Answer<T>(int status, T body) {}

  /** Something to send. */
  record Body(String type, BodyPublisher bytes) {
    static final Body NONE = new Body("", BodyPublishers.noBody());

    static Body json(Object value) {
      try {
        return new Body(
            "application/json", BodyPublishers.ofByteArray(JSON.writeValueAsBytes(value)));
      } catch (JsonProcessingException e) {
        throw new AgentRuntimeException(
            StandardError.PROVIDER_FAILED, "a value cannot be written as JSON", e);
      }
    }

    /** Streamed; of a known length, so that a service can tell a torn upload. */
    static Body bytes(InputStream in, long size) {
      BodyPublisher bytes =
          size == 0
              ? BodyPublishers.noBody()
              : BodyPublishers.fromPublisher(BodyPublishers.ofInputStream(() -> in), size);
      return new Body("application/octet-stream", bytes);
    }

    static Body text(String text) {
      return new Body("text/plain; charset=utf-8", BodyPublishers.ofString(text));
    }
  }

  /** Sends a request; statuses of 200 to 299, 404 and 409 are answers, others are failures. */
  Answer<String> send(String method, String route, Map<String, Object> variables, Body body)
      throws InterruptedException {
    HttpResponse<String> response =
        exchange(method, route, variables, body, BodyHandlers.ofString());
    return new Answer<>(accepted(response, response.body()), response.body());
  }

  /** Asks for bytes; the caller closes them. */
  Answer<InputStream> open(String route, Map<String, Object> variables)
      throws InterruptedException, IOException {
    HttpResponse<InputStream> response =
        exchange("GET", route, variables, Body.NONE, BodyHandlers.ofInputStream());
    if (response.statusCode() != 200) {
      try (InputStream body = response.body()) {
        accepted(response, new String(body.readNBytes(MAX_REASON)));
      }
    }
    return new Answer<>(response.statusCode(), response.body());
  }

  private <T> HttpResponse<T> exchange(
      String method, String route, Map<String, Object> variables, Body body, BodyHandler<T> handler)
      throws InterruptedException {
    URI uri = URI.create(base + UriTemplate.of(route).expand(variables));
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri).timeout(timeout).method(method, body.bytes());
    if (!body.type().isEmpty()) {
      request.header("Content-Type", body.type());
    }
    if (token != null) {
      request.header("Authorization", "Bearer " + token.reveal());
    }
    try {
      return http.send(request.build(), handler);
    } catch (InterruptedIOException e) {
      throw unavailable(method + " " + route + " took longer than " + timeout, e);
    } catch (IOException e) {
      throw unavailable(method + " " + route + " at " + uri.getAuthority() + ": " + e, e);
    }
  }

  private static int accepted(HttpResponse<?> response, String body) {
    int status = response.statusCode();
    if (status / 100 == 2 || status == 404 || status == 409) {
      return status;
    }
    String what =
        response.request().method()
            + " "
            + response.request().uri().getPath()
            + " was answered "
            + status
            + ": "
            + body.substring(0, Math.min(body.length(), MAX_REASON));
    if (status >= 500 || status == 401 || status == 403 || status == 408 || status == 429) {
      throw unavailable(what, null);
    }
    throw new AgentRuntimeException(StandardError.STORE_CORRUPT, what);
  }

  private static AgentRuntimeException unavailable(String what, @Nullable IOException cause) {
    return new AgentRuntimeException(StandardError.STORE_UNAVAILABLE, what, cause);
  }

  /** Reads JSON of a kind. */
  static <T> T read(String json, TypeReference<T> type) {
    try {
      T value = JSON.readValue(json, type);
      if (value != null) {
        return value;
      }
      throw new AgentRuntimeException(StandardError.STORE_CORRUPT, "the answer is null");
    } catch (JsonProcessingException e) {
      e.clearLocation(); // which quotes the text
      throw new AgentRuntimeException(
          StandardError.STORE_CORRUPT, "the answer is no JSON of the expected kind", e);
    }
  }

  @Override
  public void close() {
    http.shutdownNow(); // nobody waits for what is under way
    http.close();
  }
}
