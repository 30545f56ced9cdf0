package com.example.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.micronaut.context.ApplicationContext;
import io.micronaut.runtime.server.EmbeddedServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostApplicationTest {
  private static final String KEY = "a-key-of-the-test";
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  @TempDir Path data;
  private final ObjectMapper json = new ObjectMapper();
  private final HttpClient client = HttpClient.newHttpClient();
  private EmbeddedServer server;

  @BeforeEach
  void start() {
    server =
        ApplicationContext.run(
            EmbeddedServer.class,
            Map.of("micronaut.server.port", -1, "agents.data", data.toString(), "agents.key", KEY));
  }

  @AfterEach
  void stop() {
    client.shutdownNow();
    server.close();
  }

  @Test
  void aTurnIsHadThroughTheRoutesBesideThoseOfTheApplication() throws Exception {
    assertTrue(send(request("/hello")).body().contains("\"sessions\":0"), "its own route");
    assertEquals(401, send(request("/sessions")).statusCode(), "the runtime's want the key");

    HttpResponse<String> created =
        post(
            "/sessions/create",
            Map.of(
                "agentProfileRef", "default",
                "architecture", "acp",
                "sessionOptions", Map.of("acp", echoAgent())));
    assertEquals(201, created.statusCode(), created::body);
    String session = "/sessions/" + json.readTree(created.body()).path("sessionId").asText();
    assertTrue(send(request("/hello")).body().contains("\"sessions\":1"), "one runtime for both");

    HttpResponse<String> accepted = post(session + "/message", Map.of("content", "Good morning."));
    assertEquals(200, accepted.statusCode(), accepted::body);
    assertTimeoutPreemptively(PATIENCE, () -> follow(session, "You said: Good morning."));
  }

  @Test
  void socketsAreServedOnThePortOfTheApplication() throws Exception {
    assertEquals(200, send(request("/socket.io/?EIO=4&transport=polling")).statusCode());
  }

  /** The program of a session: it needs no key, and says again what it was told. */
  private static Map<String, Object> echoAgent() throws IOException {
    try (InputStream script = HostApplicationTest.class.getResourceAsStream("echo-agent.sh")) {
      byte[] text = Objects.requireNonNull(script).readAllBytes();
      return Map.of(
          "command",
          List.of("sh", "-c", new String(text, StandardCharsets.UTF_8)),
          "instructions",
          "AGENTS.md");
    }
  }

  /** Reads the session's stream of events until one of them holds a text. */
  private void follow(String session, String text) throws IOException, InterruptedException {
    HttpResponse<Stream<String>> events =
        client.send(
            request(session + "/events")
                .header("authorization", "Bearer " + KEY)
                .header("accept", "text/event-stream")
                .build(),
            HttpResponse.BodyHandlers.ofLines());
    try (Stream<String> lines = events.body()) {
      assertTrue(lines.anyMatch(line -> line.contains(text)), "the stream ended without: " + text);
    }
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(server.getURI().resolve(path));
  }

  private HttpResponse<String> send(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private HttpResponse<String> post(String path, Object body)
      throws IOException, InterruptedException {
    return send(
        request(path)
            .header("authorization", "Bearer " + KEY)
            .header("content-type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(json.writeValueAsString(body))));
  }
}
