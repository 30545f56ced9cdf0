// SPDX-License-Identifier: MIT

package io.agentruntime.app;

import io.agentruntime.app.config.Configuration;
import io.agentruntime.app.config.ServerConfig;
import io.agentruntime.app.json.Json;
import io.agentruntime.app.security.ApiKey;
import io.agentruntime.app.wiring.Server;
import io.agentruntime.core.AgentRuntime;
import io.agentruntime.core.event.EventFeed;
import io.agentruntime.core.profile.ProfileSource;
import io.agentruntime.core.provider.SecretSource;
import io.agentruntime.model.event.EventEnvelope;
import io.agentruntime.model.event.SessionEvent;
import io.agentruntime.model.profile.AgentProfile;
import io.agentruntime.model.profile.PermissionPolicy;
import io.agentruntime.model.session.SessionId;
import io.agentruntime.spi.Provider;
import io.agentruntime.spi.Secret;
import io.agentruntime.testkit.architecture.ScriptedArchitecture;
import io.agentruntime.testkit.persistence.FaultyPersistence;
import io.agentruntime.testkit.sandbox.FakeSandboxProvider;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A real server on a free port, with sandboxes in memory and the scripted architecture. */
public final class TestServer implements AutoCloseable {
  public static final String KEY = "test-key-0123456789";
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private static final AgentProfile ASKING = asking();

  private final FakeSandboxProvider sandboxes = new FakeSandboxProvider();
  private final AgentRuntime runtime;
  private final Server server;
  private final HttpClient client = HttpClient.newHttpClient();

  /**
   * Starts with an agent that takes its time: it pauses after each line it says, so that a test can
   * do something in the middle of a turn.
   */
  public static TestServer startWithSlowAgent(
      Path folder, Map<String, String> settings, Duration pause) throws InterruptedException {
    TestServer server = new TestServer(folder, settings);
    server.sandboxes().register(ScriptedArchitecture.PROGRAM, SlowAgent.pausing(pause));
    return server;
  }

  /** Starts with further settings as environment variables. */
  public static TestServer start(Path folder, Map<String, String> settings)
      throws InterruptedException {
    return new TestServer(folder, settings);
  }

  /** Starts on a store that can be made to fail. */
  public static TestServer startOn(FaultyPersistence store, Path folder)
      throws InterruptedException {
    return new TestServer(folder, Map.of("AGENT_RUNTIME_PERSISTENCE", store.id()), List.of(store));
  }

  private TestServer(Path folder, Map<String, String> settings) throws InterruptedException {
    this(folder, settings, List.of());
  }

  private TestServer(
      Path folder, Map<String, String> settings, List<? extends Provider> furtherProviders)
      throws InterruptedException {
    Map<String, String> environment = new LinkedHashMap<>();
    environment.put("AGENT_RUNTIME_PORT", "0");
    environment.put("AGENT_RUNTIME_SANDBOX", "fake");
    environment.put("AGENT_RUNTIME_PERSISTENCE", "memory");
    environment.put("AGENT_RUNTIME_DATA_DIR", folder.toString());
    environment.putAll(settings);
    List<Provider> providers = new ArrayList<>(furtherProviders);
    providers.add(sandboxes);
    providers.add(new ScriptedArchitecture());
    ServerConfig config =
        Configuration.read(List.of(), environment, new Properties()).orElseThrow();
    runtime =
        AgentRuntime.start(
            config.runtime(
                SecretSource.of(Map.of("SECRET_CANARY", "canary-4711-value")),
                ProfileSource.of(List.of(AgentProfile.named("default", "Default"), ASKING))),
            providers);
    server = Server.start(config, ApiKey.of(Secret.of(KEY)), runtime);
  }

  private static AgentProfile asking() {
    AgentProfile p = AgentProfile.named("asking", "Asking");
    return new AgentProfile(
        p.id(),
        p.name(),
        p.description(),
        p.systemPrompt(),
        p.rules(),
        p.tools(),
        p.skills(),
        p.subagents(),
        p.commands(),
        p.mcpServers(),
        p.npmDependencies(),
        p.pipDependencies(),
        p.environment(),
        p.workspaceFiles(),
        p.plugins(),
        p.hooks(),
        PermissionPolicy.ASK,
        p.defaultOptions(),
        p.architecture(),
        p.sandbox());
  }

  /** The sandboxes, to make them fail or wait, or to give them other programs. */
  public FakeSandboxProvider sandboxes() {
    return sandboxes;
  }

  public AgentRuntime runtime() {
    return runtime;
  }

  public int port() {
    return server.port();
  }

  /** How many streams of events are open. */
  public int streams() {
    return server.streams();
  }

  /** A request with the key. */
  public Reply call(String method, String path, @Nullable Object body, String... headers)
      throws IOException, InterruptedException {
    List<String> all = new ArrayList<>(List.of(headers));
    all.add("Authorization");
    all.add("Bearer " + KEY);
    if (body != null && !all.contains("Content-Type")) {
      all.add("Content-Type");
      all.add("application/json");
    }
    return raw(
        method,
        path,
        body == null ? null : body instanceof String text ? text : Json.text(body),
        all.toArray(String[]::new));
  }

  /** A request exactly as given. */
  public Reply raw(String method, String path, @Nullable String body, String... headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + path))
            .timeout(PATIENCE)
            .method(
                method,
                body == null
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    HttpResponse<byte[]> response =
        client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    return new Reply(response);
  }

  /** Waits until a session's log has an event, and gives it. */
  public EventEnvelope await(String session, Predicate<SessionEvent> wanted)
      throws InterruptedException {
    return await(session, 0, wanted);
  }

  /** Waits until a session's log has an event after a number, and gives it. */
  public EventEnvelope await(String session, long after, Predicate<SessionEvent> wanted)
      throws InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    try (EventFeed feed = runtime.sessions().get(new SessionId(session)).feed(after)) {
      while (System.nanoTime() < deadline) {
        for (EventEnvelope envelope : feed.next(Duration.ofMillis(200)).events()) {
          if (wanted.test(envelope.event())) {
            return envelope;
          }
        }
      }
    }
    throw new AssertionError("the event did not come");
  }

  /** Sends a message and waits until its turn has ended and the workspace is stored. */
  public void turn(String session, String text) throws IOException, InterruptedException {
    Reply sent = call("POST", "/sessions/" + session + "/message", Map.of("content", text));
    String id = sent.text("messageId");
    await(
        session,
        event ->
            switch (event) {
              case SessionEvent.TurnCompleted e -> e.messageId().value().equals(id);
              case SessionEvent.TurnFailed e -> e.messageId().value().equals(id);
              case SessionEvent.TurnInterrupted e -> e.messageId().value().equals(id);
              default -> false;
            });
    call("POST", "/sessions/" + session + "/sync", null);
  }

  /** Creates a session and gives its id. */
  public String createSession() throws IOException, InterruptedException {
    return createSession("default");
  }

  /** Creates a session with a profile and gives its id. */
  public String createSession(String profile) throws IOException, InterruptedException {
    return call(
            "POST",
            "/sessions/create",
            Map.of("agentProfileRef", profile, "architecture", "scripted"))
        .text("sessionId");
  }

  @Override
  public void close() {
    server.close();
    runtime.close();
    client.close();
  }

  /** What came back. */
  public record Reply(HttpResponse<byte[]> response) {
    public int status() {
      return response.statusCode();
    }

    public String body() {
      return new String(response.body(), StandardCharsets.UTF_8);
    }

    public String header(String name) {
      return response.headers().firstValue(name).orElse("");
    }

    @SuppressWarnings("unchecked")
    public Map<String, Object> json() {
      try {
        return (Map<String, Object>) Objects.requireNonNull(Json.read(response.body()));
      } catch (io.agentruntime.app.json.MalformedJsonException e) {
        throw new AssertionError("not JSON: " + body(), e);
      }
    }

    public String text(String name) {
      return (String) value(name);
    }

    public Object value(String name) {
      return Objects.requireNonNull(json().get(name), () -> name + " in " + body());
    }

    /** An array of objects. */
    @SuppressWarnings("unchecked")
    public List<Map<String, Object>> list(String name) {
      return (List<Map<String, Object>>) value(name);
    }
  }
}
