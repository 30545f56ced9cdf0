// SPDX-License-Identifier: MIT

package io.agentruntime.app.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentruntime.app.TestServer;
import io.agentruntime.app.TestServer.Reply;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuthenticationHttpTest {
  private static TestServer server;

  @BeforeAll
  static void start(@TempDir Path folder) throws InterruptedException {
    server = TestServer.start(folder, Map.of());
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void healthNeedsNoKey() throws Exception {
    Reply reply = server.raw("GET", "/health", null);

    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.body()).isEqualTo("{\"status\":\"ok\"}");
  }

  @Test
  void everythingElseNeedsOneEvenWhatDoesNotExist() throws Exception {
    for (String path : new String[] {"/sessions", "/api/sessions", "/api/anything", "/", "/x/y"}) {
      Reply reply = server.raw("GET", path, null);

      assertThat(reply.status()).as(path).isEqualTo(401);
      assertThat(reply.body())
          .isEqualTo("{\"error\":\"Missing Authorization header\",\"code\":\"AUTH_REQUIRED\"}");
    }
    assertThat(server.raw("POST", "/health", "{}").status()).isEqualTo(401);
  }

  @Test
  void aWrongKeyIsRefused() throws Exception {
    Reply reply = server.raw("GET", "/sessions", null, "Authorization", "Bearer wrong");

    assertThat(reply.status()).isEqualTo(401);
    assertThat(reply.body())
        .isEqualTo("{\"error\":\"Invalid API key\",\"code\":\"INVALID_API_KEY\"}");
  }

  @Test
  void theKeyMayComeInThreeWays() throws Exception {
    String key = TestServer.KEY;

    assertThat(server.raw("GET", "/sessions", null, "Authorization", "Bearer " + key).status())
        .isEqualTo(200);
    assertThat(server.raw("GET", "/sessions", null, "Authorization", key).status()).isEqualTo(200);
    assertThat(server.raw("GET", "/sessions", null, "x-api-key", key).status()).isEqualTo(200);
  }

  @Test
  void theKeyInTheQueryIsForSocketsOnly() throws Exception {
    assertThat(server.raw("GET", "/sessions?apiKey=" + TestServer.KEY, null).status())
        .isEqualTo(401);
  }

  @Test
  void withTheKeyAnUnknownRouteIsNotFound() throws Exception {
    Reply reply = server.call("GET", "/api/anything", null);

    assertThat(reply.status()).isEqualTo(404);
    assertThat(reply.body()).isEqualTo("{\"error\":\"Not found\",\"code\":\"NOT_FOUND\"}");
    assertThat(server.call("PUT", "/sessions/create", "{}").status()).isEqualTo(404);
  }

  @Test
  void everyReplyCarriesTheHeadersThatProtectIt() throws Exception {
    Reply granted = server.call("GET", "/sessions", null, "x-request-id", "mine-1");
    Reply refused = server.raw("GET", "/sessions", null, "x-request-id", "not fit\tfor a log");

    for (Reply reply : new Reply[] {granted, refused}) {
      assertThat(reply.header("x-content-type-options")).isEqualTo("nosniff");
      assertThat(reply.header("cache-control")).isEqualTo("no-store");
    }
    assertThat(granted.header("x-request-id")).isEqualTo("mine-1");
    assertThat(refused.header("x-request-id")).isNotEmpty().doesNotContain("not fit");
  }

  @Test
  void pagesOfAllowedOriginsMayAsk() throws Exception {
    Reply preflight =
        server.raw(
            "OPTIONS",
            "/api/sessions",
            null,
            "Origin",
            "http://localhost:3000",
            "Access-Control-Request-Method",
            "POST",
            "Access-Control-Request-Headers",
            "authorization,content-type");

    assertThat(preflight.status()).isEqualTo(204);
    assertThat(preflight.header("access-control-allow-origin")).isEqualTo("http://localhost:3000");
    assertThat(preflight.header("access-control-allow-methods"))
        .isEqualTo("GET,HEAD,PUT,POST,DELETE,PATCH");
    assertThat(preflight.header("access-control-allow-headers"))
        .isEqualTo("authorization,content-type");
    assertThat(preflight.response().headers().allValues("vary"))
        .contains("Access-Control-Request-Headers");
    Reply asked = server.call("GET", "/sessions", null, "Origin", "http://localhost:3000");
    assertThat(asked.status()).isEqualTo(200);
    assertThat(asked.header("access-control-allow-origin")).isEqualTo("http://localhost:3000");
    Reply refused = server.raw("GET", "/sessions", null, "Origin", "http://localhost:3000");
    assertThat(refused.header("access-control-allow-origin")).isEqualTo("http://localhost:3000");
  }

  @Test
  void pagesOfOtherOriginsMayNot() throws Exception {
    Reply reply = server.call("GET", "/sessions", null, "Origin", "http://evil.example");

    assertThat(reply.header("access-control-allow-origin")).isEmpty();
  }
}
