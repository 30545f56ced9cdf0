// SPDX-License-Identifier: MIT

package io.agentruntime.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Calls the server's routes. Thread-safe. */
final class RestClient {
  private static final Pattern SESSION_ID = Pattern.compile("\"sessionId\":\"([^\"]+)\"");

  private final HttpClient http;
  private final URI server;
  private final String key;

  RestClient(HttpClient http, URI server, String key) {
    this.http = http;
    this.server = server;
    this.key = key;
  }

  /** Creates a session and gives its id. */
  String create(String architecture) throws IOException, InterruptedException {
    String reply =
        call(
            "POST",
            "/sessions/create",
            "{\"agentProfileRef\":\"default\",\"architecture\":\"" + architecture + "\"}");
    Matcher id = SESSION_ID.matcher(reply);
    if (!id.find()) {
      throw new IOException("no session id in " + reply);
    }
    return id.group(1);
  }

  /** Sends a message that needs no escapes. */
  void send(String session, String message) throws IOException, InterruptedException {
    call("POST", "/sessions/" + session + "/message", "{\"content\":\"" + message + "\"}");
  }

  /** The first page of the list, as text. */
  String sessions(int limit) throws IOException, InterruptedException {
    return call("GET", "/sessions?limit=" + limit, "");
  }

  /** A whole session as text. */
  String get(String session) throws IOException, InterruptedException {
    return call("GET", "/sessions/" + session, "");
  }

  /** Drops a session from memory. */
  void unload(String session) throws IOException, InterruptedException {
    call("DELETE", "/sessions/" + session, "");
  }

  private String call(String method, String path, String body)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(server.resolve(path))
            .timeout(Duration.ofMinutes(5))
            .header("Authorization", "Bearer " + key)
            .header("Content-Type", "application/json")
            .method(
                method,
                body.isEmpty()
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(body))
            .build();
    HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
    if (response.statusCode() / 100 != 2) {
      throw new IOException(
          method + " " + path + ": " + response.statusCode() + " " + response.body());
    }
    return response.body();
  }
}
