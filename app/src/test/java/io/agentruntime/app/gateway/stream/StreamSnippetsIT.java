// SPDX-License-Identifier: MIT

package io.agentruntime.app.gateway.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentruntime.app.TestServer;
import io.agentruntime.app.gateway.NodeClient;
import io.agentruntime.testkit.requirement.RequiresNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The snippets for authors of clients, run behind a connection that breaks again and again. */
@RequiresNode
@Timeout(180)
final class StreamSnippetsIT {
  private static final String LAST_WORDS = "That is all.";

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"// a page in a browser", "// WebSocket, coming back by itself"})
  void theSnippetMissesNothingAndRepeatsNothing(String title) throws Exception {
    NodeClient.install();
    try (TestServer server =
        TestServer.startWithSlowAgent(folder, Map.of(), Duration.ofMillis(20))) {
      String session = server.createSession();
      server.turn(session, "think a little then stream 20");
      Files.writeString(
          Path.of("target/js/streamSnippet.mjs"),
          prelude(server, session) + snippet(title).replace("127.0.0.1:3001", "127.0.0.1:${port}"));
      server.call(
          "POST",
          "/sessions/" + session + "/message",
          Map.of("content", "stream 60 then say " + LAST_WORDS));

      String shown = NodeClient.run("streamSnippet.mjs");

      assertThat(shown.strip()).isEqualTo(deltas(server, session).strip());
      assertThat(shown).contains("tick60", LAST_WORDS);
    }
  }

  private static String prelude(TestServer server, String session) {
    return """
    import { EventSource } from 'eventsource';
    import WebSocket from 'ws';
    import { cuttingProxy } from './cuttingProxy.mjs';

    const key = '%s', sessionId = '%s', port = await cuttingProxy(%d);
    let last = 0, shown = '';
    function show(text) {
      shown += text;
      if (shown.endsWith('%s')) {
        console.log(shown);
        process.exit(0);
      }
    }
    function load() {
      throw new Error('there was no reason to begin again');
    }
    """
        .formatted(TestServer.KEY, session, server.port(), LAST_WORDS);
  }

  private static String snippet(String title) throws IOException {
    String page = Files.readString(Path.of("../docs/clients.md"));
    int from = page.indexOf(title);
    assertThat(from).as("the page has: %s", title).isPositive();
    return page.substring(from, page.indexOf("```", from));
  }

  private static String deltas(TestServer server, String session) throws Exception {
    return server
        .call("GET", "/sessions/" + session + "/events?limit=5000", null)
        .list("events")
        .stream()
        .filter(event -> "BlockDelta".equals(event.get("type")))
        .map(event -> (Map<?, ?>) event.get("event"))
        .map(event -> String.valueOf(event.get("text")))
        .collect(Collectors.joining());
  }
}
