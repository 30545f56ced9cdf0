// SPDX-License-Identifier: MIT

package io.agentruntime.bench.crash;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.agentruntime.bench.SocketIoClient;
import java.io.UncheckedIOException;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;

/** Socket.IO in the flat dialect. */
record SocketStream(SocketIoClient client) implements EventStream {
  private static final JsonMapper JSON = new JsonMapper();

  static EventStream open(ServerLife server, String session, long after, Consumer<Told> onEvent)
      throws Exception {
    SocketIoClient client =
        SocketIoClient.connect(
            server.http(),
            server.address(),
            server.key(),
            text -> {
              Told told = read(text);
              if (told.text("/sessionId").equals(session)) {
                onEvent.accept(told);
              }
            });
    try {
      client.joinAfter(session, after);
      return new SocketStream(client);
    } catch (Exception e) {
      client.close();
      throw e;
    }
  }

  private static Told read(String text) {
    try {
      JsonNode event = JSON.readTree(text);
      JsonNode payload = event.path(1);
      return new Told(payload.path("seq").asLong(), event.path(0).asText(), payload);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void awaitEnd() throws InterruptedException {
    try {
      client.closed().get();
    } catch (ExecutionException e) {
      // Cut off instead of closed: that is what it is here for.
      return;
    }
  }

  @Override
  public void close() {
    client.close();
  }
}
