// SPDX-License-Identifier: MIT

package io.agentruntime.app.gateway;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The polling transport, spoken by hand. */
public final class RawHttp implements AutoCloseable {
  /** What every polling client says. */
  public static final String POLLING = "EIO=4&transport=polling";

  private static final Pattern SID = Pattern.compile("\"sid\":\"([^\"]+)\"");

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final String base;

  /** Speaks with a server. */
  public RawHttp(GatewayServer server) {
    this(server.url() + "/socket.io/");
  }

  /** Speaks with the gateway at that address. */
  public RawHttp(String url) {
    this.base = url + "?";
  }

  /** Opens a session; its id. */
  public String open() throws IOException, InterruptedException {
    HttpResponse<String> response = get(POLLING);
    Matcher sid = SID.matcher(response.body());
    if (response.statusCode() != 200 || !sid.find()) {
      throw new AssertionError("No handshake: " + response.statusCode() + " " + response.body());
    }
    return sid.group(1);
  }

  /** A poll of that session. */
  public HttpResponse<String> poll(String sid) throws IOException, InterruptedException {
    return get(POLLING + "&sid=" + sid);
  }

  /** A poll of that session, to be waited for elsewhere. */
  public CompletableFuture<HttpResponse<String>> pollAsync(String sid) {
    return client.sendAsync(request(POLLING + "&sid=" + sid).build(), BodyHandlers.ofString());
  }

  /** Packets for that session. */
  public HttpResponse<String> post(String sid, String body)
      throws IOException, InterruptedException {
    return post(sid, BodyPublishers.ofString(body));
  }

  /** Packets for that session. */
  public HttpResponse<String> post(String sid, BodyPublisher body)
      throws IOException, InterruptedException {
    return client.send(
        request(POLLING + "&sid=" + sid).POST(body).build(), BodyHandlers.ofString());
  }

  /** Any GET, with headers by name and value. */
  public HttpResponse<String> get(String query, String... headers)
      throws IOException, InterruptedException {
    return send("GET", query, headers);
  }

  /** Any request without a body. */
  public HttpResponse<String> send(String method, String query, String... headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder request = request(query).method(method, BodyPublishers.noBody());
    if (headers.length > 0) {
      request.headers(headers);
    }
    return client.send(request.build(), BodyHandlers.ofString());
  }

  private HttpRequest.Builder request(String query) {
    return HttpRequest.newBuilder(URI.create(base + query)).timeout(Duration.ofSeconds(30));
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
