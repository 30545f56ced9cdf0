// SPDX-License-Identifier: MIT

package io.agentruntime.bench.crash;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** REST as a client with patience uses it: what was not answered is asked again. Thread-safe. */
final class Api {
  private static final JsonMapper JSON = new JsonMapper();
  private static final Duration PATIENCE = Duration.ofSeconds(45);
  private static final Duration PAUSE = Duration.ofMillis(100);

  /** Replies that say: try again. */
  private static final Set<Integer> AGAIN = Set.of(429, 503);

  private final Servers servers;

  Api(Servers servers) {
    this.servers = servers;
  }

  /** A reply. */
  record Reply(int status, byte[] body) {
    boolean ok() {
      return status / 100 == 2;
    }

    JsonNode json() {
      try {
        return body.length == 0 ? JsonNodeFactory.instance.missingNode() : JSON.readTree(body);
      } catch (IOException e) {
        return JsonNodeFactory.instance.textNode(text());
      }
    }

    String text() {
      return new String(body, StandardCharsets.UTF_8);
    }
  }

  /** Asks until there is an answer of a server that does not ask for patience. */
  Reply call(String method, String path, @Nullable Map<String, ?> body, String idempotencyKey)
      throws InterruptedException, Servers.Over {
    while (true) {
      ServerLife server = servers.await();
      try {
        HttpResponse<byte[]> reply =
            server
                .http()
                .send(
                    request(server, method, path, body, idempotencyKey),
                    BodyHandlers.ofByteArray());
        boolean closing =
            reply.statusCode() == 409
                && new String(reply.body(), StandardCharsets.UTF_8).contains("\"CLOSED\"");
        if (!AGAIN.contains(reply.statusCode()) && !closing) {
          return new Reply(reply.statusCode(), reply.body());
        }
      } catch (IOException e) {
        // The server died, or is about to be found dead: the next one is asked.
        servers.pause(PAUSE);
        continue;
      }
      servers.pause(PAUSE);
    }
  }

  /** A GET. */
  Reply get(String path) throws InterruptedException, Servers.Over {
    return call("GET", path, null, "");
  }

  /** A POST. */
  Reply post(String path, Map<String, ?> body) throws InterruptedException, Servers.Over {
    return call("POST", path, body, "");
  }

  private static HttpRequest request(
      ServerLife server,
      String method,
      String path,
      @Nullable Map<String, ?> body,
      String idempotencyKey)
      throws IOException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(server.address().resolve(path))
            .timeout(PATIENCE)
            .header("Authorization", "Bearer " + server.key())
            .header("Content-Type", "application/json")
            .method(
                method,
                body == null
                    ? BodyPublishers.noBody()
                    : BodyPublishers.ofByteArray(JSON.writeValueAsBytes(body)));
    if (!idempotencyKey.isEmpty()) {
      request.header("Idempotency-Key", idempotencyKey);
    }
    return request.build();
  }
}
