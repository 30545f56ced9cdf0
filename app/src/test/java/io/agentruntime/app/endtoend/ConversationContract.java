// SPDX-License-Identifier: MIT

package io.agentruntime.app.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentruntime.app.endtoend.SocketClient.Seen;
import io.agentruntime.app.gateway.NodeClient;
import io.agentruntime.app.json.Json;
import io.agentruntime.testkit.program.SampleMcpServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a user is promised of a conversation, with everything real but the model: the server in a
 * process of its own, the agent program in a sandbox, the official client.
 *
 * <p>Programs take seconds to start, so that two sessions serve all tests: most of them go on with
 * one, while the other is left alone until it is unloaded.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Timeout(180)
abstract class ConversationContract {
  /** Long enough that no pause of a busy machine between two messages is taken for idleness. */
  private static final Duration IDLE = Duration.ofSeconds(8);

  private static final String PIXEL =
      "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

  /** What is looked at in the workspace, before and after. */
  private static final String LOOK =
      "[[bash:rm -f doomed.txt; sha256sum < noise.bin; ./run.sh; readlink link; ls -1A]]";

  private final String sandbox;
  private final RealAgent agent;
  private final List<String> atOnce = new ArrayList<>();
  private ServerProcess server;

  /** The session that most tests go on with. */
  private Follower shared;

  /** The session that is left alone, but for its first messages, until the last test. */
  private Follower left;

  /** The message after which it looked at its workspace. */
  private String looked = "";

  ConversationContract(String sandbox, RealAgent agent) {
    this.sandbox = sandbox;
    this.agent = agent;
  }

  /** The profile of the sessions, to which a server of the Model Context Protocol is added. */
  Map<String, Object> profile() throws IOException {
    return Map.of("name", "Greeting");
  }

  /** Puts further profiles into the server's folder of them. */
  void prepare(Path profiles) throws IOException {}

  /** Variables of the server beside its defaults. */
  Map<String, String> environment() {
    return Map.of();
  }

  @BeforeAll
  void start(@TempDir Path folder) throws Exception {
    NodeClient.install();
    Path data = folder.resolve("data");
    Path profiles = Files.createDirectories(data.resolve("profiles"));
    // JSON is YAML, too.
    Files.writeString(profiles.resolve("default.yaml"), Json.text(greeting(profile())));
    prepare(profiles);
    Map<String, String> variables = new HashMap<>(environment());
    variables.put("AGENT_RUNTIME_IDLE_TIMEOUT_MS", Long.toString(IDLE.toMillis()));
    server = ServerProcess.start(data, ServerProcess.Start.withScriptedModel(sandbox, variables));
    left = new Follower(server, agent.architecture());
    shared = new Follower(server, agent.architecture());
    startTheOther();
  }

  /** Two messages at once to a new session, and one that waits behind them. */
  private void startTheOther() throws Exception {
    try (var both = Executors.newVirtualThreadPerTaskExecutor()) {
      Callable<String> first = () -> left.send("[[slow:5,20]][[text:first]]");
      Callable<String> second = () -> left.send("[[slow:5,20]][[text:second]]");
      for (Future<String> sent : both.invokeAll(List.of(first, second))) {
        atOnce.add(sent.get());
      }
    }
    left.send(
        "My word is walnut. [[write plain.txt|plain]][[write doomed.txt|x]]"
            + "[[bash:head -c 300000 /dev/urandom > noise.bin; echo 'echo it runs' > run.sh;"
            + " chmod 755 run.sh; ln -s plain.txt link]]");
  }

  /** Lets the other session look at its workspace, once; the message. */
  private String looked() throws Exception {
    if (looked.isEmpty()) {
      // A file that is gone before anybody looked was never there.
      left.awaitFile("doomed.txt");
      looked = left.send(LOOK);
    }
    return looked;
  }

  /** The server of all tests here. */
  final ServerProcess server() {
    return server;
  }

  @AfterAll
  void stop() throws Exception {
    if (left != null) {
      left.close();
    }
    if (shared != null) {
      shared.close();
    }
    if (server != null) {
      server.close();
    }
  }

  @Test
  @Order(1)
  void aNewSessionHasNoSandbox() throws Exception {
    assertThat(shared.view().at("/runtime/sandbox").isNull()).isTrue();
    assertThat(server.sandboxesOf(shared.session())).isEmpty();
    assertThat(shared.seen("session:status")).hasSize(1);
  }

  @Test
  @Order(2)
  void twoMessagesAtOnceToANewSessionAreTwoTurnsInOneSandbox() throws Exception {
    for (String message : atOnce) {
      assertThat(left.end(message).name()).isEqualTo("session:turn:completed");
    }

    List<String> queued = firstTwo(left.seen("session:turn:queued"));
    assertThat(queued).containsExactlyInAnyOrderElementsOf(atOnce);
    assertThat(firstTwo(left.seen("session:turn:started"))).isEqualTo(queued);
    assertThat(firstTwo(left.seen("session:turn:completed"))).isEqualTo(queued);
    assertThat(left.said(atOnce.get(0))).contains("first").doesNotContain("second");
    assertThat(left.said(atOnce.get(1))).contains("second").doesNotContain("first");
    assertThat(left.sandboxes()).hasSize(1).containsAll(server.sandboxesOf(left.session()));
    // It is idle while the other tests go on.
    looked();
  }

  @Test
  @Order(3)
  void aTurnIsToldInOrderAndEachBlockFromItsBeginningToItsEnd() throws Exception {
    String text =
        "Grüße ✓ 👋\n\t\"quoted\" [[think:First a file.]][[text:I write it.]]"
            + "[[write notes/hello.txt|hello\\n]][[bash:cat notes/hello.txt]][[text:That is all.]]";
    try (SocketClient unified = SocketClient.connect(server.socketUrl("unified"), "upgrade")) {
      unified.join(shared.session());
      long begin = System.nanoTime();
      String message = shared.turn(text);
      report("first turn", begin, System.nanoTime());
      // The workspace is looked at when there is time for it: before or after the turn's end.
      server.post("/api/sessions/" + shared.session() + "/sync", Map.of());
      shared.await("session:file:created", message);
      for (String last : List.of("query:completed", "file:created")) {
        unified.await(last, event -> event.text("/type").equals(last));
      }
      List<Told> inFlat = Told.flat(shared.seen());
      List<Told> inUnified = Told.unified(unified.seen());

      Told.assertWholeTurn(inFlat, text);
      Told.assertWholeTurn(inUnified, text);
      assertThat(Told.ids(inUnified)).isEqualTo(Told.ids(inFlat));
      assertThat(shared.view().path("blocks"))
          .extracting(block -> block.path("id").asText())
          .isEqualTo(Told.ids(inFlat));
      assertThat(shared.seen())
          .extracting(event -> event.payload().path("seq").asLong())
          .isSorted();
      assertThat(shared.said(message)).isEqualTo("I write it.That is all.");
      assertThat(shared.returned(message)).hasSize(2).endsWith("hello");
    }
  }

  @Test
  @Order(4)
  void aSecondMessageIsAnsweredInTheSameSandbox() throws Exception {
    // On a busy machine the session may have been idle for too long before.
    shared.turn("[[text:Hello]]");
    List<String> sandboxes = shared.sandboxes();
    long begin = System.nanoTime();
    shared.turn("[[text:Hello again]]");
    report("warm turn", begin, System.nanoTime());

    assertThat(shared.sandboxes()).isEqualTo(sandboxes);
    assertThat(server.sandboxesOf(shared.session())).containsExactly(sandboxes.getLast());
  }

  @Test
  @Order(4)
  void anInterruptStopsATurnInTheMiddleOfAText() throws Exception {
    // Half a minute, if nobody stops it.
    String message = shared.send("[[slow:600,50]]");
    shared.await("session:block:delta", message);
    List<String> sandboxes = shared.sandboxes();
    long asked = System.nanoTime();
    server.post("/api/sessions/" + shared.session() + "/interrupt", Map.of());
    Seen end = shared.end(message);
    report("interrupt", asked, end.nanos());

    assertThat(end.name()).isEqualTo("session:turn:interrupted");
    Told.assertEachBlockIsWhole(Told.flat(shared.ofTurn(message)));
    assertThat(shared.said(shared.turn("[[text:Here I am]]"))).contains("Here I am");
    assertThat(shared.sandboxes()).isEqualTo(sandboxes);
  }

  @Test
  @Order(4)
  void anErrorOfTheModelFailsItsTurnAloudAndTheNextOneIsAnswered() throws Exception {
    String message = shared.send("[[fault:400]]");
    Seen end = shared.end(message);
    List<String> sandboxes = shared.sandboxes();

    assertThat(end.name()).as("%s", end).isEqualTo("session:turn:failed");
    assertThat(shared.ofTurn(message))
        .filteredOn(event -> event.is("error"))
        .singleElement()
        .satisfies(error -> assertThat(error.text("/code")).isEqualTo(end.text("/code")));
    assertThat(shared.said(shared.turn("[[text:Here I am]]"))).contains("Here I am");
    assertThat(shared.sandboxes()).isEqualTo(sandboxes);
  }

  @Test
  @Order(4)
  void aSubagentHasAConversationOfItsOwn() throws Exception {
    String message =
        shared.turn(
            "[[subagent:[[text:I help.]][[bash:echo helped]][[text:Helped.]]]][[text:Done.]]");

    Seen found = single(shared.seen("session:subagent:discovered"));
    Seen ended = single(shared.seen("session:subagent:completed"));
    String subagent = found.text("/subagent/id");
    assertThat(ended.text("/subagentId")).isEqualTo(subagent);
    assertThat(ended.text("/status")).isEqualTo("completed");
    assertThat(ended.text("/output")).contains("Helped.");
    assertThat(shared.ofTurn(message))
        .filteredOn(event -> event.is("session:block:complete"))
        .filteredOn(event -> event.text("/conversationId").equals(subagent))
        .anyMatch(event -> event.text("/block/output").contains("helped"));
  }

  @Test
  @Order(4)
  void aServerOfTheProfileIsCalled() throws Exception {
    String message = shared.turn("[[tool:%s|{}]]".formatted(agent.tool("sample", "greet")));
    assertThat(shared.returned(message))
        .singleElement()
        .satisfies(output -> assertThat(output).contains("sample says hello"));
  }

  @Test
  @Order(4)
  void anImageOfAMessageIsSeenByTheModel() throws Exception {
    Map<String, Object> source = Map.of("type", "base64", "data", PIXEL, "mediaType", "image/png");
    String message =
        shared.send(
            List.of(
                Map.of("type", "text", "text", "[[look]]"),
                Map.of("type", "image", "source", source)));
    assertThat(shared.end(message).name()).isEqualTo("session:turn:completed");
    assertThat(shared.said(message))
        .contains("image image/png")
        .contains(sha256(Base64.getDecoder().decode(PIXEL)));
  }

  @Test
  @Order(5)
  void anAgentThatIsKilledFailsItsTurnAloud() throws Exception {
    shared.turn("My word is chestnut.");
    // It kills itself a moment later, in the middle of half a minute of text.
    long begin = System.nanoTime();
    String message = shared.send("[[bash:" + agent.killLater() + "]][[slow:600,50]]");
    Seen end = shared.end(message);
    report("killed turn", begin, end.nanos());

    assertThat(end.name()).as("%s", end).isEqualTo("session:turn:failed");
    List<Seen> turn = shared.ofTurn(message);
    assertThat(turn)
        .filteredOn(event -> event.is("error"))
        .singleElement()
        .satisfies(error -> assertThat(error.text("/code")).isEqualTo(end.text("/code")));
    Told.assertEachBlockIsWhole(Told.flat(turn));
    String next = shared.turn("[[recall]]");
    report("turn after that", end.nanos(), System.nanoTime());
    assertThat(shared.said(next)).contains("My word is chestnut.");
  }

  @Test
  @Order(6)
  void afterTheIdleTimeoutAFreshSandboxKnowsTheConversationAndTheFiles() throws Exception {
    String look = looked();
    assertThat(left.end(look).name()).isEqualTo("session:turn:completed");
    List<String> before = left.returned(look);
    int sandboxes = left.sandboxes().size();
    left.awaitUnloaded(look);
    assertThat(server.sandboxesOf(left.session())).isEmpty();
    String message = left.turn("[[bash:test ! -e doomed.txt]]" + LOOK + "[[recall]]");

    assertThat(left.sandboxes()).hasSize(sandboxes + 1);
    String noise = sha256(server.file(left.session(), "noise.bin"));
    assertThat(before)
        .containsExactly(noise + "  -\nit runs\nplain.txt\nlink\nnoise.bin\nplain.txt\nrun.sh");
    assertThat(left.returned(message)).hasSize(2).endsWith(before.getFirst());
    assertThat(left.said(message)).contains("My word is walnut.");
    assertThat(left.failedTools(message)).isEmpty();
    assertThat(left.seen("session:file:deleted"))
        .extracting(event -> event.text("/path"))
        .containsExactly("doomed.txt");
  }

  private static Seen single(List<Seen> events) {
    assertThat(events).hasSize(1);
    return events.getFirst();
  }

  /** The profile with an MCP server that brings its program. */
  private static Map<String, Object> greeting(Map<String, Object> profile) {
    Map<String, Object> program =
        Map.of("path", "server.js", "content", SampleMcpServer.source("sample"));
    Map<String, Object> bundled =
        Map.of(
            "name",
            "sample",
            "files",
            List.of(program),
            "installCommand",
            "touch installed",
            "startCommand",
            "test -e installed && exec node server.js",
            "env",
            Map.of("GREETING", "hello"));
    Map<String, Object> all = new HashMap<>(profile);
    all.put("bundledMCPs", List.of(bundled));
    return all;
  }

  private void report(String what, long from, long to) {
    System.out.printf("%s, %s sandbox: %s %d ms%n", agent, sandbox, what, (to - from) / 1_000_000);
  }

  private static List<String> firstTwo(List<Seen> events) {
    return events.stream().map(event -> event.text("/messageId")).limit(2).toList();
  }

  private static String sha256(byte[] bytes) throws Exception {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
  }
}
