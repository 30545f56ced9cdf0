// SPDX-License-Identifier: MIT

package io.agentruntime.app.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentruntime.app.TestServer;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may connect to the whole server, with which dialect, and what can be asked. */
final class SessionGatewayTest {
  private static final String KEY = TestServer.KEY;
  private static final String AUTH = "{\"apiKey\":\"" + KEY + "\"}";

  private static TestServer server;

  @BeforeAll
  static void start(@TempDir Path folder) throws Exception {
    server = TestServer.start(folder, Map.of());
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  /** Opens a connection; what joining the namespace is answered with comes next. */
  private static RawSocket connect(String query, String connect, String... headers)
      throws Exception {
    RawSocket socket = RawSocket.at(server.port(), RawSocket.WEBSOCKET + query, headers);
    assertThat(socket.next()).startsWith("0{");
    socket.send(connect);
    return socket;
  }

  private static RawSocket joined(String query) throws Exception {
    RawSocket socket = connect(query, "40" + AUTH);
    assertThat(socket.next()).startsWith("40{\"sid\":");
    return socket;
  }

  /** The next packet that is no list of sessions, which come whenever one changes. */
  private static String nextOf(RawSocket socket) throws Exception {
    String packet = socket.nextPacket();
    while (packet.startsWith("42[\"sessions:list\"")) {
      packet = socket.nextPacket();
    }
    return packet;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "               | 40{\"apiKey\":\"KEY\"} |               |            ",
        "               | 40{\"token\":\"KEY\"}  |               |            ",
        "&apiKey=KEY    | 40                     |               |            ",
        "&apiKey=KEY    | 40{}                   |               |            ",
        "               | 40                     | Authorization | Bearer KEY ",
        "               | 40                     | x-api-key     | KEY        ",
      })
  void theKeyOpensASocketWhereverItIsGiven(
      String query, String connect, String header, String value) throws Exception {
    String[] headers =
        header == null ? new String[0] : new String[] {header, value.replace("KEY", KEY)};
    try (RawSocket socket =
        connect(
            query == null ? "" : query.replace("KEY", KEY), connect.replace("KEY", KEY), headers)) {
      assertThat(socket.next()).startsWith("40{\"sid\":\"").contains("\"pid\":\"");
    }
  }

  @Test
  void theKeyOpensASocketOverPollingToo() throws Exception {
    try (RawHttp http = new RawHttp("http://127.0.0.1:" + server.port() + "/socket.io/")) {
      String sid = http.open();
      http.post(sid, "40" + AUTH);
      assertThat(http.poll(sid).body()).startsWith("40{\"sid\":\"");
    }
  }

  @Test
  void withoutAKeyNobodyGetsInAndMayTryAgainWithOne() throws Exception {
    try (RawSocket socket = connect("", "40")) {
      assertThat(socket.next())
          .isEqualTo(
              "44{\"message\":\"Missing Authorization header\","
                  + "\"data\":{\"code\":\"AUTH_REQUIRED\",\"retryAfterMs\":0}}");
      socket.send("40" + AUTH);
      assertThat(socket.next()).startsWith("40{\"sid\":\"");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"apiKey\":\"wrong\"}", "{\"token\":\"test-key-012345678\"}"})
  void aWrongKeyIsRefusedWithoutSayingWhatWasWrong(String auth) throws Exception {
    try (RawSocket socket = connect("", "40" + auth)) {
      assertThat(socket.next())
          .isEqualTo(
              "44{\"message\":\"Invalid API key\","
                  + "\"data\":{\"code\":\"INVALID_API_KEY\",\"retryAfterMs\":0}}");
    }
  }

  @Test
  void whatIsNoKeyAtAllIsRefused() throws Exception {
    for (String auth : new String[] {"{\"apiKey\":\"\"}", "{\"apiKey\":7}", "{\"apiKey\":null}"}) {
      try (RawSocket socket = connect("", "40" + auth)) {
        assertThat(socket.next()).startsWith("44{").contains("\"code\":\"AUTH_REQUIRED\"");
      }
    }
  }

  @Test
  void thereIsOneNamespace() throws Exception {
    try (RawSocket socket = connect("", "40/admin," + AUTH)) {
      assertThat(socket.next()).isEqualTo("44/admin,{\"message\":\"Invalid namespace\"}");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "'', '', session:status",
    "&dialect=flat, '', session:status",
    "&dialect=unified, '', session:event",
    "'', ',\"dialect\":\"unified\"', session:event",
    "&dialect=unified, ',\"dialect\":\"flat\"', session:status",
  })
  void aSocketSpeaksTheDialectItAsksFor(String query, String auth, String event) throws Exception {
    String session = server.createSession();
    try (RawSocket socket = connect(query, "40{\"apiKey\":\"" + KEY + "\"" + auth + "}")) {
      assertThat(socket.next()).startsWith("40{");
      socket.send("427[\"session:join\",\"" + session + "\"]");

      assertThat(nextOf(socket)).startsWith("42[\"" + event + "\",").contains(session);
      assertThat(nextOf(socket)).startsWith("437[{\"success\":true,\"seq\":");
    }
  }

  @Test
  void anUnknownDialectIsRefused() throws Exception {
    try (RawSocket socket = connect("&dialect=latin", "40" + AUTH)) {
      assertThat(socket.next()).startsWith("44{").contains("\"code\":\"INVALID_ARGUMENT\"");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "421[\"session:join\",\"no-such-session\"]         | SESSION_NOT_FOUND",
        "421[\"session:join\",\"../../etc/passwd\"]        | SESSION_NOT_FOUND",
        "421[\"session:join\"]                             | INVALID_ARGUMENT",
        "421[\"session:join\",{\"id\":1}]                  | INVALID_ARGUMENT",
        "421[\"session:leave\"]                            | INVALID_ARGUMENT",
        "421[\"session:other\",\"x\"]                      | INVALID_ARGUMENT",
        "421[\"session:join\",\"SESSION\",{\"after\":-1}]  | INVALID_ARGUMENT",
        "421[\"session:join\",\"SESSION\",{\"after\":1.5}] | INVALID_ARGUMENT",
        "421[\"session:join\",\"SESSION\",{\"after\":\"1\"}] | INVALID_ARGUMENT",
      })
  void whatCannotBeDoneIsAcknowledgedWithAReason(String event, String code) throws Exception {
    try (RawSocket socket = joined("")) {
      socket.send(event.replace("SESSION", server.createSession()));

      assertThat(nextOf(socket))
          .startsWith("431[{\"success\":false,\"error\":\"")
          .endsWith("\"code\":\"" + code + "\"}]");
    }
  }

  @Test
  void bytesWhereAnIdBelongsAreRefusedLikeAnythingElse() throws Exception {
    try (RawSocket socket = joined("")) {
      socket.send("451-9[\"session:join\",{\"_placeholder\":true,\"num\":0}]");
      socket.send(new byte[] {1, 2, 3});

      assertThat(nextOf(socket)).startsWith("439[{\"success\":false");
    }
  }

  @Test
  void eventsWithoutACallbackAreServedToo() throws Exception {
    String session = server.createSession();
    try (RawSocket socket = joined("")) {
      socket.send("42[\"session:join\",\"" + session + "\"]");
      assertThat(nextOf(socket)).startsWith("42[\"session:status\",");
      socket.send("42[\"session:leave\",\"" + session + "\"]");
      socket.send("421[\"session:leave\",\"" + session + "\"]");
      assertThat(nextOf(socket)).isEqualTo("431[{\"success\":true}]");
    }
  }

  @Test
  void oneSocketFollowsManySessionsAndAnotherOnlyItsOwn() throws Exception {
    String one = server.createSession();
    String two = server.createSession();
    try (RawSocket both = joined("");
        RawSocket second = joined("")) {
      for (String session : new String[] {one, two}) {
        both.send("421[\"session:join\",\"" + session + "\"]");
        assertThat(nextOf(both)).startsWith("42[\"session:status\",");
        assertThat(nextOf(both)).startsWith("431[{\"success\":true");
      }
      second.send("421[\"session:join\",\"" + two + "\"]");
      assertThat(nextOf(second)).startsWith("42[\"session:status\",");
      assertThat(nextOf(second)).startsWith("431[{\"success\":true");

      server.turn(one, "say only-in-one");
      server.turn(two, "say only-in-two");

      String seen = until(second, "only-in-two");
      assertThat(seen).doesNotContain(one).doesNotContain("only-in-one");
      assertThat(until(both, "only-in-two")).contains("only-in-one");
    }
  }

  /** Everything that comes until a block with that text is complete. */
  private static String until(RawSocket socket, String text) throws Exception {
    StringBuilder seen = new StringBuilder();
    String packet = "";
    while (!(packet.startsWith("42[\"session:block:complete\"")
        && packet.contains("\"assistant_text\"")
        && packet.contains(text))) {
      packet = nextOf(socket);
      seen.append(packet).append('\n');
    }
    return seen.toString();
  }
}
