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
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a user is promised of a conversation, with everything real but the model: the server in a
 * process of its own, the agent program in a sandbox, the official client.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(180)
abstract class ConversationContract {
  /** Long enough that no pause of a busy machine between two messages is taken for idleness. */
  private static final Duration IDLE = Duration.ofSeconds(8);

  private static final String GREETING = "greeting";

  private final String sandbox;
  private final RealAgent agent;
  private ServerProcess server;

  ConversationContract(String sandbox, RealAgent agent) {
    this.sandbox = sandbox;
    this.agent = agent;
  }

  /** Puts further profiles into the server's folder of them. */
  void prepare(Path profiles) throws IOException {}

  /** Variables of the server beside its defaults. */
  Map<String, String> environment() {
    return Map.of();
  }

  private Follower follower() throws Exception {
    return new Follower(server, agent.architecture());
  }

  @BeforeAll
  void start(@TempDir Path folder) throws Exception {
    NodeClient.install();
    Path data = folder.resolve("data");
    Path profiles = Files.createDirectories(data.resolve("profiles"));
    // JSON is YAML, too.
    Files.writeString(profiles.resolve(GREETING + ".yaml"), Json.text(greeting()));
    prepare(profiles);
    Map<String, String> variables = new HashMap<>(environment());
    variables.put("AGENT_RUNTIME_IDLE_TIMEOUT_MS", Long.toString(IDLE.toMillis()));
    server = ServerProcess.start(data, ServerProcess.Start.withScriptedModel(sandbox, variables));
  }

  /** The server of all tests here. */
  final ServerProcess server() {
    return server;
  }

  @AfterAll
  void stop() throws Exception {
    if (server != null) {
      server.close();
    }
  }

  @Test
  void aNewSessionHasNoSandbox() throws Exception {
    try (Follower follower = follower()) {
      assertThat(follower.view().at("/runtime/sandbox").isNull()).isTrue();
      assertThat(server.sandboxesOf(follower.session())).isEmpty();
      assertThat(follower.seen("session:status")).hasSize(1);
    }
  }

  @Test
  void aTurnIsToldInOrderAndEachBlockFromItsBeginningToItsEnd() throws Exception {
    String text =
        "Grüße ✓ 👋\n\t\"quoted\" [[think:First a file.]][[text:I write it.]]"
            + "[[write notes/hello.txt|hello\\n]][[bash:cat notes/hello.txt]][[text:That is all.]]";
    try (Follower flat = follower();
        SocketClient unified = SocketClient.connect(server.socketUrl("unified"), "upgrade")) {
      unified.join(flat.session());
      String message = flat.turn(text);
      // The workspace is looked at when there is time for it: before or after the turn's end.
      server.post("/api/sessions/" + flat.session() + "/sync", Map.of());
      flat.await("session:file:created", message);
      for (String last : List.of("query:completed", "file:created")) {
        unified.await(last, event -> event.text("/type").equals(last));
      }
      List<Told> inFlat = Told.flat(flat.seen());
      List<Told> inUnified = Told.unified(unified.seen());

      Told.assertWholeTurn(inFlat, text);
      Told.assertWholeTurn(inUnified, text);
      assertThat(Told.ids(inUnified)).isEqualTo(Told.ids(inFlat));
      assertThat(flat.view().path("blocks"))
          .extracting(block -> block.path("id").asText())
          .isEqualTo(Told.ids(inFlat));
      assertThat(flat.seen()).extracting(event -> event.payload().path("seq").asLong()).isSorted();
      assertThat(flat.said(message)).isEqualTo("I write it.That is all.");
      assertThat(flat.returned(message)).hasSize(2).endsWith("hello");
    }
  }

  @Test
  void aSecondMessageIsAnsweredInTheSameSandbox() throws Exception {
    try (Follower follower = follower()) {
      long begin = System.nanoTime();
      follower.turn("[[text:Hello]]");
      long between = System.nanoTime();
      follower.turn("[[text:Hello again]]");
      report("first turn", begin, between);
      report("warm turn", between, System.nanoTime());

      assertThat(follower.sandboxes()).hasSize(1);
      assertThat(server.sandboxesOf(follower.session())).isEqualTo(follower.sandboxes());
    }
  }

  @Test
  void afterTheIdleTimeoutAFreshSandboxKnowsTheConversationAndTheFiles() throws Exception {
    String look =
        "[[bash:rm -f doomed.txt; sha256sum < noise.bin; ./run.sh; readlink link; ls -1A]]";
    try (Follower follower = follower()) {
      follower.turn(
          "My word is walnut. [[write plain.txt|plain]][[write doomed.txt|x]]"
              + "[[bash:head -c 300000 /dev/urandom > noise.bin; echo 'echo it runs' > run.sh;"
              + " chmod 755 run.sh; ln -s plain.txt link]]");
      List<String> before = follower.returned(follower.turn(look));

      follower.awaitUnloaded();
      assertThat(server.sandboxesOf(follower.session())).isEmpty();
      String message = follower.turn("[[bash:test ! -e doomed.txt]]" + look + "[[recall]]");

      assertThat(follower.sandboxes()).hasSize(2);
      String noise = sha256(server.file(follower.session(), "noise.bin"));
      assertThat(before)
          .containsExactly(noise + "  -\nit runs\nplain.txt\nlink\nnoise.bin\nplain.txt\nrun.sh");
      assertThat(follower.returned(message)).hasSize(2).endsWith(before.getFirst());
      assertThat(follower.said(message)).contains("My word is walnut.");
      assertThat(follower.failedTools(message)).isEmpty();
      assertThat(follower.seen("session:file:deleted"))
          .extracting(event -> event.text("/path"))
          .containsExactly("doomed.txt");
    }
  }

  @Test
  void twoMessagesAtOnceToANewSessionAreTwoTurnsInOneSandbox() throws Exception {
    try (Follower follower = follower();
        var both = Executors.newVirtualThreadPerTaskExecutor()) {
      Callable<String> first = () -> follower.send("[[slow:5,20]][[text:first]]");
      Callable<String> second = () -> follower.send("[[slow:5,20]][[text:second]]");
      List<String> messages = new ArrayList<>();
      for (Future<String> sent : both.invokeAll(List.of(first, second))) {
        messages.add(sent.get());
      }
      for (String message : messages) {
        assertThat(follower.end(message).name()).isEqualTo("session:turn:completed");
      }

      List<String> queued = messageIds(follower.seen("session:turn:queued"));
      assertThat(queued).containsExactlyInAnyOrderElementsOf(messages);
      assertThat(messageIds(follower.seen("session:turn:started"))).isEqualTo(queued);
      assertThat(messageIds(follower.seen("session:turn:completed"))).isEqualTo(queued);
      assertThat(follower.said(messages.get(0))).contains("first").doesNotContain("second");
      assertThat(follower.said(messages.get(1))).contains("second").doesNotContain("first");
      assertThat(follower.sandboxes()).hasSize(1);
      assertThat(server.sandboxesOf(follower.session())).isEqualTo(follower.sandboxes());
    }
  }

  @Test
  void anInterruptStopsATurnInTheMiddleOfAText() throws Exception {
    try (Follower follower = follower()) {
      // Half a minute, if nobody stops it.
      String message = follower.send("[[slow:600,50]]");
      follower.await("session:block:delta", message);
      long asked = System.nanoTime();
      server.post("/api/sessions/" + follower.session() + "/interrupt", Map.of());
      Seen end = follower.end(message);
      report("interrupt", asked, end.nanos());

      assertThat(end.name()).isEqualTo("session:turn:interrupted");
      assertThat(Duration.ofNanos(end.nanos() - asked)).isLessThan(Duration.ofSeconds(15));
      Told.assertEachBlockIsWhole(Told.flat(follower.ofTurn(message)));
      assertThat(follower.said(follower.turn("[[text:Here I am]]"))).contains("Here I am");
      assertThat(follower.sandboxes()).hasSize(1);
    }
  }

  @Test
  void anAgentThatIsKilledFailsItsTurnAloud() throws Exception {
    try (Follower follower = follower()) {
      follower.turn("My word is chestnut.");
      // It kills itself a moment later, in the middle of half a minute of text.
      String message = follower.send("[[bash:" + agent.killLater() + "]][[slow:600,50]]");
      Seen end = follower.end(message);

      assertThat(end.name()).as("%s", end).isEqualTo("session:turn:failed");
      List<Seen> turn = follower.ofTurn(message);
      assertThat(turn)
          .filteredOn(event -> event.is("error"))
          .singleElement()
          .satisfies(error -> assertThat(error.text("/code")).isEqualTo(end.text("/code")));
      Told.assertEachBlockIsWhole(Told.flat(turn));
      String next = follower.turn("[[recall]]");
      assertThat(follower.said(next)).contains("My word is chestnut.");
    }
  }

  @Test
  void anErrorOfTheModelFailsItsTurnAloudAndTheNextOneIsAnswered() throws Exception {
    try (Follower follower = follower()) {
      String message = follower.send("[[fault:400]]");
      Seen end = follower.end(message);

      assertThat(end.name()).as("%s", end).isEqualTo("session:turn:failed");
      assertThat(follower.ofTurn(message))
          .filteredOn(event -> event.is("error"))
          .singleElement()
          .satisfies(error -> assertThat(error.text("/code")).isEqualTo(end.text("/code")));
      assertThat(follower.said(follower.turn("[[text:Here I am]]"))).contains("Here I am");
      assertThat(follower.sandboxes()).hasSize(1);
    }
  }

  @Test
  void aSubagentHasAConversationOfItsOwnAndAServerOfTheProfileIsCalled() throws Exception {
    try (Follower follower = new Follower(server, agent.architecture(), GREETING)) {
      String message =
          follower.turn(
              "[[subagent:[[text:I help.]][[bash:echo helped]][[text:Helped.]]]]"
                  + "[[tool:%s|{}]][[text:Done.]]".formatted(agent.tool("sample", "greet")));

      Seen found = single(follower.seen("session:subagent:discovered"));
      Seen ended = single(follower.seen("session:subagent:completed"));
      String subagent = found.text("/subagent/id");
      assertThat(ended.text("/subagentId")).isEqualTo(subagent);
      assertThat(ended.text("/status")).isEqualTo("completed");
      assertThat(ended.text("/output")).contains("Helped.");
      assertThat(follower.ofTurn(message))
          .filteredOn(event -> event.is("session:block:complete"))
          .filteredOn(event -> event.text("/conversationId").equals(subagent))
          .anyMatch(event -> event.text("/block/output").contains("helped"));
      assertThat(follower.returned(message))
          .anyMatch(output -> output.contains("sample says hello"));
    }
  }

  private static Seen single(List<Seen> events) {
    assertThat(events).hasSize(1);
    return events.getFirst();
  }

  /** A profile with an MCP server that brings its program. */
  private static Map<String, Object> greeting() {
    Map<String, Object> program =
        Map.of("path", "server.js", "content", SampleMcpServer.source("sample"));
    return Map.of(
        "name",
        "Greeting",
        "bundledMCPs",
        List.of(
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
                Map.of("GREETING", "hello"))));
  }

  private void report(String what, long from, long to) {
    System.out.printf("%s, %s sandbox: %s %d ms%n", agent, sandbox, what, (to - from) / 1_000_000);
  }

  private static List<String> messageIds(List<Seen> events) {
    return events.stream().map(event -> event.text("/messageId")).toList();
  }

  private static String sha256(byte[] bytes) throws Exception {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
  }
}
