// SPDX-License-Identifier: MIT

package io.agentruntime.app.embedding;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentruntime.app.config.Configuration;
import io.agentruntime.app.error.ErrorReplies;
import io.agentruntime.core.AgentRuntime;
import io.micronaut.context.ApplicationContext;
import io.micronaut.runtime.server.EmbeddedServer;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Our routes and sockets in an application that has routes and errors of its own. */
class EmbeddedRoutesTest {
  private static final String KEY = "test-key-0123456789";

  @TempDir static Path folder;
  private static ApplicationContext host;
  private static String url;
  private static HttpClient client;

  @BeforeAll
  static void startTheHost() {
    host =
        host(Map.of(Mode.PROPERTY, Mode.EMBEDDED))
            .registerSingleton(
                Configuration.of(
                    Map.of(
                        "data-dir",
                        folder.toString(),
                        "sandbox",
                        "local",
                        "persistence",
                        "memory",
                        "api-key",
                        KEY)));
    host.start();
    url = "http://127.0.0.1:" + host.getBean(EmbeddedServer.class).start().getPort();
    client = HttpClient.newHttpClient();
  }

  private static ApplicationContext host(Map<String, Object> settings) {
    Map<String, Object> properties = new HashMap<>(settings);
    properties.put("micronaut.server.host", "127.0.0.1");
    properties.put("micronaut.server.port", -1);
    properties.put(HostController.PROPERTY, true);
    return ApplicationContext.builder()
        .deduceEnvironment(false)
        .banner(false)
        .properties(properties)
        .build();
  }

  @AfterAll
  static void stopTheHost() {
    client.close();
    AgentRuntime runtime = host.getBean(AgentRuntime.class);
    host.close();
    assertThat(runtime.isStopping()).as("the runtime ends with its host").isTrue();
  }

  private static HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(url + path));
  }

  private static HttpResponse<String> send(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private static HttpRequest.Builder withKey(String path) {
    return request(path).header("x-api-key", KEY);
  }

  @Test
  void routesOfTheHostNeedNoKeyAndAreLeftAsTheyAre() throws Exception {
    HttpResponse<String> reply = send(request("/hello"));

    assertThat(reply.body()).isEqualTo("hello");
    assertThat(reply.headers().map()).doesNotContainKeys("x-request-id", "x-frame-options");
  }

  @Test
  void theHostSaysItselfHowItIs() throws Exception {
    assertThat(send(request("/health")).body()).isEqualTo("the host is well");
  }

  @Test
  void ourRoutesNeedTheKey() throws Exception {
    HttpResponse<String> reply = send(request("/sessions"));

    assertThat(reply.statusCode()).isEqualTo(401);
    assertThat(reply.body()).contains("AUTH_REQUIRED");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/%73essions",
        "/api/%73essions",
        "//sessions",
        "/./sessions",
        "/hello/../sessions",
        "/sessions/",
        "/sessions;a=b",
        "/;a/sessions",
        "/%2Fsessions",
        "/provider%73"
      })
  void noWayOfWritingThePathLeadsAroundTheKey(String path) throws Exception {
    assertThat(statusOf(URI.create(url).getPort(), path)).isNotEqualTo(200);
  }

  @Test
  void ourRoutesNeedTheKeyAlsoBelowTheHostsOwnPath() throws Exception {
    try (ApplicationContext below =
        host(Map.of(Mode.PROPERTY, Mode.EMBEDDED, "micronaut.server.context-path", "/product"))
            .registerSingleton(
                Configuration.of(
                    Map.of(
                        "data-dir",
                        folder.resolve("below").toString(),
                        "sandbox",
                        "local",
                        "persistence",
                        "memory",
                        "api-key",
                        KEY)))
            .start()) {
      String there =
          "http://127.0.0.1:" + below.getBean(EmbeddedServer.class).start().getPort() + "/product";
      HttpRequest.Builder listing = HttpRequest.newBuilder(URI.create(there + "/sessions"));

      assertThat(send(listing).statusCode()).isEqualTo(401);
      assertThat(send(listing.header("x-api-key", KEY)).statusCode()).isEqualTo(200);
      assertThat(send(HttpRequest.newBuilder(URI.create(there + "/hello"))).body())
          .isEqualTo("hello");
    }
  }

  /** As written: a client would put the path in order. */
  private static int statusOf(int port, String path) throws IOException {
    try (Socket socket = new Socket("127.0.0.1", port)) {
      socket.setSoTimeout(30_000);
      socket
          .getOutputStream()
          .write(
              ("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                  .getBytes(StandardCharsets.US_ASCII));
      String reply = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(reply).startsWith("HTTP/1.1 ");
      return Integer.parseInt(reply.substring(9, 12));
    }
  }

  @Test
  void aSessionIsCreatedAndReadBesideTheHostsRoutes() throws Exception {
    HttpResponse<String> created =
        send(
            withKey("/sessions/create")
                .header("content-type", "application/json")
                .POST(
                    HttpRequest.BodyPublishers.ofString(
                        "{\"agentProfileRef\":\"default\",\"architecture\":\"claude-agent-sdk\"}")));

    assertThat(created.statusCode()).as(created.body()).isBetween(200, 201);
    assertThat(send(withKey("/api/sessions")).body()).contains("claude");
    assertThat(host.getBean(AgentRuntime.class).sessions().loaded()).hasSize(1);
  }

  @Test
  void ourFailuresHaveOurShape() throws Exception {
    HttpResponse<String> unknown = send(withKey("/sessions/unknown-session"));
    HttpResponse<String> invalid =
        send(withKey("/sessions/create").POST(HttpRequest.BodyPublishers.ofString("{}")));

    assertThat(unknown.statusCode()).isEqualTo(404);
    assertThat(unknown.body()).contains("\"code\":\"SESSION_NOT_FOUND\"");
    assertThat(invalid.statusCode()).isEqualTo(400);
    assertThat(invalid.body()).contains("VALIDATION_FAILED");
  }

  @Test
  void failuresOfTheHostKeepTheHostsShape() throws Exception {
    HttpResponse<String> broken = send(request("/broken"));
    HttpResponse<String> unknown = send(request("/nowhere"));

    assertThat(broken.statusCode()).isEqualTo(500);
    assertThat(broken.body()).doesNotContain("\"code\"");
    assertThat(unknown.statusCode()).isEqualTo(404);
    assertThat(unknown.body()).doesNotContain("\"code\"");
  }

  @Test
  void socketsAreServedOnTheHostsPort() throws Exception {
    HttpResponse<String> handshake = send(request("/socket.io/?EIO=4&transport=polling"));

    assertThat(handshake.statusCode()).isEqualTo(200);
    assertThat(handshake.body()).startsWith("0{").contains("\"sid\"");
  }

  @Test
  void withoutTheModeNothingOfOursIsThere() throws Exception {
    try (ApplicationContext alone = host(Map.of()).start()) {
      int port = alone.getBean(EmbeddedServer.class).start().getPort();
      HttpResponse<String> reply =
          send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/sessions")));

      assertThat(reply.statusCode()).isEqualTo(404);
      assertThat(alone.containsBean(ErrorReplies.class)).isFalse();
    }
  }
}
