package com.example.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micronaut.context.ApplicationContext;
import io.micronaut.runtime.server.EmbeddedServer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostApplicationTest {
  private static final String KEY = "a-key-of-the-test";

  /** A session of a program that says nothing but how it is called; none is started here. */
  private static final String CREATE =
      """
      {"agentProfileRef": "default", "architecture": "acp",
       "sessionOptions": {"acp": {"command": ["cat"]}}}
      """;

  @TempDir Path data;

  @Test
  void theRuntimeIsServedBesideTheRoutesOfTheApplication() throws Exception {
    try (EmbeddedServer server =
            ApplicationContext.run(
                EmbeddedServer.class,
                Map.of(
                    "micronaut.server.port",
                    -1,
                    "agents.data",
                    data.toString(),
                    "agents.key",
                    KEY));
        HttpClient client = HttpClient.newHttpClient()) {
      Http http = new Http(client, server.getURI());

      assertTrue(http.get("/hello").body().contains("\"sessions\":0"), "its own route");
      assertEquals(401, http.get("/sessions").statusCode(), "ours want the key");

      HttpResponse<String> created = http.post("/sessions/create", CREATE);
      assertEquals(201, created.statusCode(), created::body);
      assertTrue(http.get("/hello").body().contains("\"sessions\":1"), "one runtime for both");
      assertEquals(
          200, http.get("/socket.io/?EIO=4&transport=polling").statusCode(), "sockets as well");
    }
  }

  private record Http(HttpClient client, URI base) {
    HttpResponse<String> get(String path) throws Exception {
      return client.send(
          HttpRequest.newBuilder(base.resolve(path)).build(), HttpResponse.BodyHandlers.ofString());
    }

    HttpResponse<String> post(String path, String body) throws Exception {
      return client.send(
          HttpRequest.newBuilder(base.resolve(path))
              .header("authorization", "Bearer " + KEY)
              .header("content-type", "application/json")
              .POST(HttpRequest.BodyPublishers.ofString(body))
              .build(),
          HttpResponse.BodyHandlers.ofString());
    }
  }
}
