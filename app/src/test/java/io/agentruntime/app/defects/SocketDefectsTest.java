// SPDX-License-Identifier: MIT

package io.agentruntime.app.defects;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentruntime.app.TestServer;
import io.agentruntime.app.gateway.RawSocket;
import io.agentruntime.model.block.Block;
import io.agentruntime.model.event.SessionEvent;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What other servers of this kind did wrong on their sockets. */
class SocketDefectsTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Pattern SEQ = Pattern.compile("\"seq\":(\\d+)");
  private static final Pattern TICKS = Pattern.compile("tick(\\d+) ");

  @TempDir Path folder;
  private TestServer server;

  @BeforeEach
  void start() throws Exception {
    server = TestServer.start(folder, Map.of());
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private RawSocket connect(String dialect) throws InterruptedException {
    RawSocket socket =
        RawSocket.at(
            server.port(),
            RawSocket.WEBSOCKET + "&apiKey=" + TestServer.KEY + "&dialect=" + dialect);
    assertThat(socket.next()).startsWith("0{");
    socket.send("40");
    assertThat(socket.nextPacket()).startsWith("40{");
    return socket;
  }

  /** Everything up to the first packet that matches. */
  private static List<String> until(RawSocket socket, Predicate<String> last)
      throws InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    List<String> packets = new ArrayList<>();
    do {
      assertThat(System.nanoTime()).as("in time; so far: " + packets).isLessThan(deadline);
      // Pings come as often as this socket waits at most: it is here that they are answered.
      String packet = socket.next();
      if (packet.equals("2")) {
        socket.send("3");
      } else {
        packets.add(packet);
      }
    } while (packets.isEmpty() || !last.test(packets.getLast()));
    return packets;
  }

  private static List<String> join(RawSocket socket, String arguments) throws InterruptedException {
    socket.send("421[\"session:join\"," + arguments + "]");
    List<String> packets = until(socket, packet -> packet.startsWith("431["));
    assertThat(packets.getLast()).contains("\"success\":true");
    return packets;
  }

  private static boolean endsTurn(String packet) {
    return packet.startsWith("42[\"session:turn:completed\"");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "42[\"session:join\",\"unknown\"]",
        "42[\"session:leave\",\"unknown\"]",
        "42[\"session:join\"]",
        "42[\"session:leave\"]",
        "42[\"session:join\",null,null,null]",
        "42[\"session:join\",{\"id\":7}]",
        "42[\"nonsense\"]"
      })
  void aCallWithoutACallbackHarmsNobody(String packet) throws Exception {
    String session = server.createSession();
    try (RawSocket rude = connect("flat");
        RawSocket other = connect("flat")) {
      join(other, "\"" + session + "\"");
      rude.send(packet);
      join(rude, "\"" + session + "\"");
      server.turn(session, "say alive");
      assertThat(until(other, SocketDefectsTest::endsTurn)).anyMatch(p -> p.contains("alive"));
      assertThat(server.raw("GET", "/health", null).status()).isEqualTo(200);
    }
  }

  @Test
  void knowingASessionsIdIsNotEnough() throws Exception {
    for (String key : List.of("", "&apiKey=wrong")) {
      try (RawSocket socket = RawSocket.at(server.port(), RawSocket.WEBSOCKET + key)) {
        assertThat(socket.next()).startsWith("0{");
        socket.send("40");
        assertThat(socket.nextPacket()).startsWith("44{").containsPattern("API|Authorization");
      }
    }
  }

  @Test
  void whatHappensBetweenLoadingAndJoiningIsNotMissed() throws Exception {
    String session = server.createSession();
    server.turn(session, "say before");
    String loaded = server.call("GET", "/sessions/" + session, null).body();
    assertThat(loaded).contains("before").doesNotContain("between");
    server.turn(session, "say between");
    try (RawSocket socket = connect("flat")) {
      List<String> missed =
          join(socket, "\"" + session + "\",{\"after\":" + number(loaded, "lastSeq") + "}");
      assertThat(missed)
          .anyMatch(p -> p.contains("session:block:complete") && p.contains("\"between\""))
          .noneMatch(p -> p.contains("\"before\""));
    }
  }

  @Test
  void aClientThatReconnectsHasEveryDeltaOnce() throws Exception {
    String session = server.createSession();
    StringBuilder text = new StringBuilder();
    long last;
    try (RawSocket first = connect("flat")) {
      join(first, "\"" + session + "\"");
      server.call(
          "POST", "/sessions/" + session + "/message", Map.of("content", "stream 300 then wait"));
      List<String> packets = until(first, p -> p.contains("session:block:delta"));
      text.append(ticks(packets));
      last = seq(packets.getLast());
    }
    server.await(session, e -> e instanceof SessionEvent.BlockCompleted c && isWhole(c.block()));
    try (RawSocket second = connect("flat")) {
      List<String> missed = join(second, "\"" + session + "\",{\"after\":" + last + "}");
      assertThat(text + ticks(missed)).isEqualTo(whole());
    }
    // A turn that waits would hold up the end of the server.
    server.call("POST", "/sessions/" + session + "/interrupt", Map.of());
  }

  private static boolean isWhole(Block block) {
    return block instanceof Block.AssistantText text && text.text().equals(whole());
  }

  private static String whole() {
    StringBuilder whole = new StringBuilder();
    for (int i = 1; i <= 300; i++) {
      whole.append("tick").append(i).append(' ');
    }
    return whole.toString();
  }

  @Test
  void tokensAndCostAreToldAndRawLinesAreNot() throws Exception {
    String session = server.createSession();
    try (RawSocket flat = connect("flat");
        RawSocket unified = connect("unified")) {
      join(flat, "\"" + session + "\"");
      join(unified, "\"" + session + "\"");
      server.turn(session, "garble then say x");
      List<String> told = until(flat, SocketDefectsTest::endsTurn);
      assertThat(told).anyMatch(p -> p.contains("session:metadata:update") && p.contains("usage"));
      List<String> others = until(unified, p -> p.contains("\"query:completed\""));
      assertThat(others).anyMatch(p -> p.contains("\"metadata:update\""));
      assertThat(told.toString() + others)
          .doesNotContain("RAW SDK MESSAGE")
          .doesNotContain("what? {");
    }
  }

  @Test
  void sessionsOfOthersAreToldToThoseWhoListThemOnly() throws Exception {
    try (RawSocket unified = connect("unified");
        RawSocket flat = connect("flat")) {
      String own = server.createSession();
      String other = server.createSession();
      join(unified, "\"" + own + "\"");
      server.turn(other, "say elsewhere");
      server.turn(own, "say here");
      List<String> told = until(unified, p -> p.contains("\"query:completed\""));
      assertThat(told).noneMatch(p -> p.contains(other) || p.contains("sessions:list"));
      assertThat(until(flat, p -> p.startsWith("42[\"sessions:list\""))).isNotEmpty();
    }
  }

  private static String ticks(List<String> packets) {
    StringBuilder text = new StringBuilder();
    for (String packet : packets) {
      if (packet.contains("session:block:delta")) {
        Matcher tick = TICKS.matcher(packet);
        while (tick.find()) {
          text.append(tick.group());
        }
      }
    }
    return text.toString();
  }

  private static long seq(String packet) {
    Matcher seq = SEQ.matcher(packet);
    assertThat(seq.find()).as(packet).isTrue();
    return Long.parseLong(seq.group(1));
  }

  private static long number(String json, String name) {
    Matcher number = Pattern.compile("\"" + name + "\":(\\d+)").matcher(json);
    assertThat(number.find()).as(name).isTrue();
    return Long.parseLong(number.group(1));
  }
}
