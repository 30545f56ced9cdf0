// SPDX-License-Identifier: MIT

package io.agentruntime.app.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentruntime.app.TestServer;
import io.agentruntime.app.TestServer.Reply;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LimitsHttpTest {
  private static TestServer server;

  @BeforeAll
  static void start(@TempDir Path folder) throws InterruptedException {
    server = TestServer.start(folder, Map.of("AGENT_RUNTIME_MAX_BODY_BYTES", "20000"));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void aBodyThatIsTooLargeIsRefused() throws Exception {
    Reply reply = server.call("POST", "/sessions/create", " ".repeat(20_001));

    assertThat(reply.status()).isEqualTo(413);
    assertThat(reply.text("code")).isEqualTo("BODY_TOO_LARGE");
  }

  @Test
  void aBodyThatDoesNotSayItsLengthIsMeasured() throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpRequest request =
          HttpRequest.newBuilder(
                  URI.create("http://127.0.0.1:" + server.port() + "/sessions/create"))
              .headers("Authorization", TestServer.KEY, "Content-Type", "application/json")
              .POST(
                  HttpRequest.BodyPublishers.ofInputStream(
                      () -> new ByteArrayInputStream(new byte[100_000])))
              .build();

      assertThat(client.send(request, HttpResponse.BodyHandlers.ofString()).statusCode())
          .isEqualTo(413);
    }
  }

  @Test
  void whoAsksTooOftenIsToldWhenToComeBack(@TempDir Path folder) throws Exception {
    try (TestServer slow =
        TestServer.start(
            folder,
            Map.of(
                "AGENT_RUNTIME_CORS_ORIGINS", "*",
                "AGENT_RUNTIME_RATE_LIMIT_PER_SECOND", "1",
                "AGENT_RUNTIME_RATE_LIMIT_BURST", "3"))) {
      Reply reply = slow.call("GET", "/providers", null);
      for (int i = 0; i < 60 && reply.status() == 200; i++) {
        reply = slow.call("GET", "/providers", null);
      }

      assertThat(reply.status()).isEqualTo(429);
      assertThat(reply.text("code")).isEqualTo("RATE_LIMITED");
      assertThat(reply.header("retry-after")).isEqualTo("1");
      assertThat(reply.header("access-control-allow-origin")).isEqualTo("*");
      assertThat(slow.raw("GET", "/health", null).status()).isEqualTo(200);
    }
  }
}
