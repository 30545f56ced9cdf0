// SPDX-License-Identifier: MIT

package io.agentruntime.bench.crash;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** Server-sent events, under their canonical names; read by whoever waits for the end. */
record SseStream(BufferedReader lines, Consumer<Told> onEvent) implements EventStream {
  private static final JsonMapper JSON = new JsonMapper();
  private static final String DATA = "data:";

  static EventStream open(ServerLife server, String session, long after, Consumer<Told> onEvent)
      throws Exception {
    HttpResponse<java.io.InputStream> reply =
        server
            .http()
            .send(
                HttpRequest.newBuilder(
                        server
                            .address()
                            .resolve("/api/sessions/" + session + "/events?after=" + after))
                    .header("Authorization", "Bearer " + server.key())
                    .header("Accept", "text/event-stream")
                    .build(),
                BodyHandlers.ofInputStream());
    if (reply.statusCode() != 200) {
      reply.body().close();
      throw new IOException("no stream: " + reply.statusCode());
    }
    return new SseStream(
        new BufferedReader(new InputStreamReader(reply.body(), StandardCharsets.UTF_8)), onEvent);
  }

  @Override
  public void awaitEnd() throws InterruptedException {
    StringBuilder data = new StringBuilder();
    try {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith(DATA)) {
          data.append(line.substring(DATA.length()).strip());
        } else if (line.isEmpty() && !data.isEmpty()) {
          take(JSON.readTree(data.toString()));
          data.setLength(0);
        }
      }
    } catch (IOException e) {
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      // Cut off: that is what it is here for. Half an event does not count.
      return;
    }
  }

  private void take(JsonNode frame) {
    String type = frame.path("type").asText();
    if (!type.equals("end")) {
      String name = type.equals("reset") ? "session:reset" : type;
      onEvent.accept(new Told(frame.path("seq").asLong(), name, frame));
    }
  }

  @Override
  public void close() {
    try {
      lines.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
