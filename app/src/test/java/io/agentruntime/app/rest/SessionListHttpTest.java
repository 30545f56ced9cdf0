// SPDX-License-Identifier: MIT

package io.agentruntime.app.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentruntime.app.TestServer;
import io.agentruntime.app.TestServer.Reply;
import io.agentruntime.app.gateway.Await;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The list of sessions, kept in SQLite. */
final class SessionListHttpTest {
  private static final int SESSIONS = 12;
  private static TestServer server;
  private static final List<String> IDS = new ArrayList<>();

  @BeforeAll
  static void start(@TempDir Path folder) throws Exception {
    server = TestServer.start(folder, Map.of("AGENT_RUNTIME_PERSISTENCE", "jdbc"));
    for (int i = 0; i < SESSIONS; i++) {
      Reply created =
          server.call(
              "POST",
              "/sessions/create",
              Map.of(
                  "agentProfileRef",
                  i % 3 == 0 ? "asking" : "default",
                  "architecture",
                  i % 2 == 0 ? "scripted" : "scripted-agent",
                  "name",
                  "Number " + i));
      IDS.add(created.text("sessionId"));
    }
    for (String id : IDS) {
      server.call("DELETE", "/sessions/" + id, null);
    }
    Await.until(() -> server.runtime().sessions().loaded().isEmpty(), "all are unloaded");
  }

  @AfterAll
  static void stop() {
    server.close();
    IDS.clear();
  }

  @Test
  void pagesHaveEverySessionOnceTheLatestFirstAndLoadNone() throws Exception {
    List<String> seen = new ArrayList<>();
    String cursor = "";
    do {
      Reply page = server.call("GET", "/sessions?limit=5" + cursor, null);
      page.list("sessions").forEach(session -> seen.add((String) session.get("sessionId")));
      cursor = page.json().get("nextCursor") == null ? "" : "&cursor=" + page.text("nextCursor");
    } while (!cursor.isEmpty());

    assertThat(seen).isEqualTo(IDS.reversed());
    assertThat(server.runtime().sessions().loaded()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "profile=asking:Number 9,Number 6,Number 3,Number 0",
        "architecture=scripted-agent&limit=2:Number 11,Number 9",
        "name=NUMBER%201:Number 11,Number 10,Number 1",
        "profile=asking&architecture=scripted&name=6:Number 6",
        "profile=nobodys:"
      })
  void filtersCanBeCombined(String row) throws Exception {
    String[] query = row.split(":", 2);

    Reply page = server.call("GET", "/api/sessions?" + query[0], null);

    assertThat(page.list("sessions"))
        .extracting(session -> session.get("name"))
        .isEqualTo(query[1].isEmpty() ? List.of() : List.of(query[1].split(",")));
    assertThat(server.runtime().sessions().loaded()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"limit=0", "limit=1001", "limit=x", "cursor=nonsense"})
  void aWrongQueryIsRefused(String query) throws Exception {
    Reply reply = server.call("GET", "/sessions?" + query, null);

    assertThat(reply.status()).as(reply.body()).isEqualTo(400);
    assertThat(reply.text("code")).isIn("INVALID_ARGUMENT", "BAD_REQUEST");
  }
}
