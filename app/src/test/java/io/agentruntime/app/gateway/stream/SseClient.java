// SPDX-License-Identifier: MIT

package io.agentruntime.app.gateway.stream;

import io.agentruntime.app.TestServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** Server-sent events, read by hand. */
final class SseClient extends StreamClient {
  private final HttpClient client = HttpClient.newHttpClient();
  private final HttpResponse<InputStream> response;
  private final BlockingQueue<String> ids = new LinkedBlockingQueue<>();

  private SseClient(HttpRequest request) throws IOException, InterruptedException {
    response = client.send(request, HttpResponse.BodyHandlers.ofInputStream());
    Thread.ofVirtual().start(this::read);
  }

  /** Opens a stream with the key, after an event. */
  static SseClient after(TestServer server, String session, long seq)
      throws IOException, InterruptedException {
    return open(
        server,
        "/sessions/" + session + "/events",
        "Authorization",
        "Bearer " + TestServer.KEY,
        "Last-Event-ID",
        Long.toString(seq));
  }

  /** Opens a stream exactly so. */
  static SseClient open(TestServer server, String path, String... headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
            .header("Accept", "text/event-stream");
    if (headers.length > 0) {
      request.headers(headers);
    }
    return new SseClient(request.build());
  }

  HttpResponse<InputStream> response() {
    return response;
  }

  /** The ids of all frames that have one, in order. */
  BlockingQueue<String> ids() {
    return ids;
  }

  private void read() {
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
      StringBuilder data = new StringBuilder();
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith("id: ")) {
          ids.add(line.substring(4));
        } else if (line.startsWith("data: ")) {
          data.append(line.substring(6));
        } else if (line.isEmpty() && !data.isEmpty()) {
          came(data.toString());
          data.setLength(0);
        }
      }
    } catch (IOException e) {
      // The connection was closed, by whomever.
    } finally {
      ended();
    }
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
