// SPDX-License-Identifier: MIT

package io.agentruntime.sandbox.docker;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.DockerClientException;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.model.Version;
import com.github.dockerjava.core.DefaultDockerClientConfig;
import com.github.dockerjava.core.DockerClientImpl;
import com.github.dockerjava.core.RemoteApiVersion;
import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import io.agentruntime.sandbox.support.Refusal;
import java.io.IOException;
import java.time.Duration;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The Docker engine: every call ends in bounded time, and every failure has a code. Thread-safe.
 * Connects when it is first needed and again at every call, so that an engine may go and come back.
 */
final class Engine implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Engine.class);

  /** The first API with {@code host-gateway}: engine 20.10. */
  private static final RemoteApiVersion OLDEST_API = RemoteApiVersion.create(1, 41);

  /** For requests in which the engine may work silently: commit, build. */
  private static final Duration PATIENCE = Duration.ofMinutes(15);

  private static final Duration HASTE = Duration.ofSeconds(5);

  private final EngineConnections connections;
  private final Duration requestTimeout;
  private final DockerClient client;
  private final DockerClient patientClient;
  private final DockerClient hastyClient;
  private final Programs programs = new Programs(this);
  private final SharedWork introduction = new SharedWork("docker-version", this::introduce);
  private volatile boolean known;

  Engine(DockerSettings settings) {
    connections = new EngineConnections(settings.address(), settings.connectTimeout());
    requestTimeout = settings.requestTimeout();
    client = client(requestTimeout);
    patientClient = client(PATIENCE);
    hastyClient = client(HASTE.compareTo(requestTimeout) < 0 ? HASTE : requestTimeout);
  }

  /** The programs started in containers. */
  Programs programs() {
    return programs;
  }

  EngineConnections connections() {
    return connections;
  }

  /**
   * Asks the engine something.
   *
   * @param attempt what is attempted, for the error message, for instance {@code create a sandbox}
   * @throws AgentRuntimeException {@code SANDBOX_UNAVAILABLE} when it does not answer, {@code
   *     SANDBOX_FAILED} when it refuses
   */
  <T extends @Nullable Object> T call(String attempt, Function<DockerClient, T> request)
      throws InterruptedException {
    return ask(attempt, client, request);
  }

  /** As {@link #call}, for requests in which the engine may be silent for minutes. */
  <T extends @Nullable Object> T callPatiently(String attempt, Function<DockerClient, T> request)
      throws InterruptedException {
    return ask(attempt, patientClient, request);
  }

  /** As {@link #call}, for questions after a failure, whose answer nobody should wait for long. */
  <T extends @Nullable Object> T askSoon(String attempt, Function<DockerClient, T> request)
      throws InterruptedException {
    return ask(attempt, hastyClient, request);
  }

  /** As {@link #call}, for exchanges that docker-java does not do. */
  <T extends @Nullable Object> T guarded(String attempt, Exchange<T> exchange)
      throws InterruptedException {
    try {
      return exchange.run();
    } catch (IOException e) {
      throw translate(attempt, e);
    }
  }

  /** How long a program may be silent without being taken for lost. */
  Duration patience() {
    return requestTimeout.dividedBy(2);
  }

  /** A connection whose reads and writes may each block as long as a request may. */
  EngineConnection connect() throws IOException {
    return connections.open(requestTimeout);
  }

  /** Fails unless the engine answers and is recent enough; asks it once. */
  void requireUsable() throws InterruptedException {
    if (!known) {
      introduction.await();
    }
  }

  private void introduce() throws InterruptedException {
    if (known) {
      return;
    }
    Version version = call("use Docker", docker -> docker.versionCmd().exec());
    RemoteApiVersion api = RemoteApiVersion.parseConfigWithDefault(version.getApiVersion());
    if (!api.isGreaterOrEqual(OLDEST_API)) {
      throw new AgentRuntimeException(
          StandardError.SANDBOX_UNAVAILABLE,
          "Docker engine at %s speaks API %s; needed is %s (engine 20.10) or newer"
              .formatted(connections.address(), version.getApiVersion(), "1.41"));
    }
    known = true;
    log.info(
        "Docker engine {} (API {}) at {}",
        version.getVersion(),
        version.getApiVersion(),
        connections.address());
  }

  /** An exception of this system for whatever a request threw. */
  AgentRuntimeException translate(String attempt, Exception failure) throws InterruptedException {
    if (failure instanceof AgentRuntimeException known) {
      return known;
    }
    if (Thread.interrupted()) {
      InterruptedException interrupted = new InterruptedException("interrupted: " + attempt);
      interrupted.initCause(failure);
      throw interrupted;
    }
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof Refusal refusal) {
        return refused(attempt, String.valueOf(refusal.getMessage()), failure);
      }
      if (cause instanceof DockerException refusal) {
        return refused(attempt, message(refusal), failure);
      }
      // Of itself, docker-java says so when a build fails; otherwise something else is behind it.
      if (cause instanceof DockerClientException refusal && refusal.getCause() == null) {
        return refused(attempt, String.valueOf(refusal.getMessage()), failure);
      }
      if (cause instanceof IOException io) {
        return connections.isClosed() ? closed(failure) : unavailable(attempt, io);
      }
    }
    return new AgentRuntimeException(
        StandardError.PROVIDER_FAILED, "Cannot " + attempt + ": " + failure, failure);
  }

  /** The engine's HTTP status for a failed request; 0 when it gave none. */
  static int status(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof EngineRefusal refusal) {
        return refusal.status();
      }
      if (cause instanceof DockerException refusal) {
        return refusal.getHttpStatus();
      }
    }
    return 0;
  }

  @Override
  public void close() {
    connections.close();
  }

  private <T extends @Nullable Object> T ask(
      String attempt, DockerClient docker, Function<DockerClient, T> request)
      throws InterruptedException {
    try {
      return request.apply(docker);
    } catch (RuntimeException e) {
      throw translate(attempt, e);
    }
  }

  private AgentRuntimeException unavailable(String attempt, IOException cause) {
    String reason = cause.getMessage() == null ? cause.toString() : cause.getMessage();
    return new AgentRuntimeException(
        StandardError.SANDBOX_UNAVAILABLE,
        "Cannot %s: the Docker engine at %s does not answer (%s)"
            .formatted(attempt, connections.address(), reason),
        cause);
  }

  private static AgentRuntimeException refused(String attempt, String reason, Exception cause) {
    return new AgentRuntimeException(
        StandardError.SANDBOX_FAILED, "Cannot " + attempt + ": " + reason, cause);
  }

  private static AgentRuntimeException closed(Exception cause) {
    return new AgentRuntimeException(
        StandardError.CLOSED, "the Docker sandbox provider was closed", cause);
  }

  private static String message(DockerException e) {
    String text = String.valueOf(e.getMessage());
    // docker-java puts "Status 404: {"message":"..."}" there.
    int start = text.indexOf("{\"message\":\"");
    int end = text.lastIndexOf("\"}");
    return start >= 0 && end > start + 12 ? text.substring(start + 12, end) : text;
  }

  private DockerClient client(Duration timeout) {
    DefaultDockerClientConfig config =
        DefaultDockerClientConfig.createDefaultConfigBuilder()
            .withDockerHost(connections.address().toString())
            .withDockerTlsVerify(false)
            .build();
    return DockerClientImpl.getInstance(config, new EngineHttpClient(connections, timeout));
  }

  /** An exchange with the engine. */
  @FunctionalInterface
  interface Exchange<T extends @Nullable Object> {
    T run() throws IOException, InterruptedException;
  }
}
