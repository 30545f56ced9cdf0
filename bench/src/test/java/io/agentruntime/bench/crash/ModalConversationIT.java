// SPDX-License-Identifier: MIT

package io.agentruntime.bench.crash;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.agentruntime.scriptedmodel.ScriptedModel;
import io.agentruntime.scriptedmodel.ScriptedModelOptions;
import io.agentruntime.testkit.requirement.Requirement;
import io.agentruntime.testkit.requirement.Requires;
import io.agentruntime.testkit.requirement.RequiresClaude;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The real Claude Code in sandboxes of a stand-in for Modal's cloud, through the whole server. */
@RequiresClaude
@Requires(Requirement.BUBBLEWRAP)
@Timeout(600)
class ModalConversationIT {
  private static final Duration PATIENCE = Duration.ofSeconds(150);

  private final Servers servers = new Servers();
  private final Api api = new Api(servers);
  private final History told = new History();
  private ScriptedModel model;
  private World world;
  private String session = "";

  @BeforeEach
  void start(@TempDir Path folder) throws Exception {
    model = ScriptedModel.start(ScriptedModelOptions.defaults());
    world =
        new World(
            Files.createDirectories(folder.resolve("world")),
            Isolation.MODAL,
            List.of(Agent.CLAUDE),
            Database.sqlite(folder),
            model.baseUri());
  }

  @AfterEach
  void stop() throws Exception {
    world.close();
    model.close();
  }

  @Test
  void afterItsSandboxWasEndedAConversationGoesOnInAFreshOne() throws Exception {
    try (ServerLife server = server()) {
      createSession();
      try (EventStream stream = SocketStream.open(server, session, told.join(), told::add)) {
        for (int after : new int[] {700, 0, 333}) {
          world.cloud().tell("cut?call=TaskExecStdioRead&kind=CONNECTION&after=" + after);
        }
        world.cloud().tell("holdBuilds");
        String first =
            send("My word is walnut. [[write kept.txt|kept]][[slow:40,20]][[text:Written there.]]");
        awaitStatus("Building image: ");
        world.cloud().tell("releaseBuilds");
        awaitEnd(first);
        assertEachTextIsTheSumOfItsParts();
        assertThat(conversation()).contains("Written there.");
        String sandbox = sandbox();
        assertThat(world.cloud().tell("running")).isEqualTo(sandbox);
        assertThat(api.post("/api/sessions/" + session + "/sync", Map.of()).ok()).isTrue();

        world.cloud().tell("end?how=GENERIC_STATUS_TIMEOUT&id=" + sandbox);
        // A message that is given to it before the server knows fails its turn, as it may have
        // come.
        awaitStatus("\"terminated\"");
        String second = turn("[[bash:cat kept.txt]][[recall]]");

        assertThat(second).isNotEqualTo(first);
        assertThat(sandbox()).isNotEqualTo(sandbox);
        assertThat(conversation()).contains("\"output\":\"kept\"", "- My word is walnut.");
      }
      stop(server);
    }
    assertThat(world.sandboxes()).isEmpty();
  }

  @Test
  void theNextServerGoesOnInTheMiddleOfATurn() throws Exception {
    String message;
    String sandbox;
    try (ServerLife first = server()) {
      createSession();
      try (EventStream stream = SocketStream.open(first, session, told.join(), told::add)) {
        turn("My word is beech.");
        sandbox = sandbox();
        long before = told.cursor();
        message = send("[[slow:150,20]][[write late.txt|written late]][[text:The end.]]");
        assertThat(
                told.await(
                    events ->
                        events.stream()
                            .anyMatch(
                                event ->
                                    event.seq() > before
                                        && event.name().equals("session:block:delta")),
                    PATIENCE))
            .isTrue();
        first.kill();
      }
    }
    try (ServerLife second = server();
        EventStream stream = SocketStream.open(second, session, told.join(), told::add)) {
      awaitEnd(message);
      assertThat(sandbox()).isEqualTo(sandbox);
      turn("[[bash:cat late.txt]][[recall]]");
      assertEachTextIsTheSumOfItsParts();
      assertThat(conversation())
          .contains("The end.", "\"output\":\"written late\"", "- My word is beech.");
      assertThat(told.troubles()).isEmpty();
      stop(second);
    }
    assertThat(world.sandboxes()).isEmpty();
  }

  private ServerLife server() throws Exception {
    ServerLife server = world.start(null);
    assertThat(server.awaitHealthy(PATIENCE)).as("a healthy server, see the log").isTrue();
    servers.now(server);
    return server;
  }

  private static void stop(ServerLife server) throws InterruptedException {
    server.terminate();
    assertThat(server.awaitEnd(PATIENCE)).isTrue();
  }

  private void createSession() throws Exception {
    session =
        api.post(
                "/api/sessions",
                Map.of("agentProfileRef", "default", "architecture", Agent.CLAUDE.architecture()))
            .json()
            .path("sessionId")
            .asText();
  }

  private JsonNode view() throws Exception {
    return api.get("/api/sessions/" + session).json();
  }

  private String sandbox() throws Exception {
    return view().at("/runtime/sandbox/id").asText();
  }

  private String conversation() throws Exception {
    return String.join("\n", StoryTeller.conversation(view()));
  }

  private String send(String text) throws Exception {
    return api.post("/api/sessions/" + session + "/messages", Map.of("content", text))
        .json()
        .path("messageId")
        .asText();
  }

  private String turn(String text) throws Exception {
    String message = send(text);
    awaitEnd(message);
    return message;
  }

  private void awaitStatus(String text) throws InterruptedException {
    boolean said =
        told.await(
            events ->
                events.stream()
                    .anyMatch(
                        event ->
                            event.name().equals("session:status")
                                && event.payload().toString().contains(text)),
            PATIENCE);
    assertThat(said).as("a status with '%s'", text).isTrue();
  }

  private void awaitEnd(String message) throws InterruptedException {
    boolean ended = told.await(events -> !ends(events, message).isEmpty(), PATIENCE);
    assertThat(ended).as("the turn of %s ends", message).isTrue();
    assertThat(ends(told.told(), message)).containsExactly("session:turn:completed");
  }

  private static List<String> ends(List<Told> events, String message) {
    return events.stream()
        .filter(event -> event.endsMessage() && event.text("/messageId").equals(message))
        .map(Told::name)
        .toList();
  }

  private void assertEachTextIsTheSumOfItsParts() {
    Map<String, String> parts =
        told.told().stream()
            .filter(event -> event.name().equals("session:block:delta"))
            .collect(
                Collectors.groupingBy(
                    event -> event.text("/blockId"),
                    Collectors.mapping(event -> event.text("/delta"), Collectors.joining())));
    Map<String, String> whole =
        told.told().stream()
            .filter(event -> event.name().equals("session:block:complete"))
            .filter(event -> event.text("/block/type").equals("assistant_text"))
            .collect(
                Collectors.toMap(
                    event -> event.text("/blockId"), event -> event.text("/block/content")));
    assertThat(whole).isNotEmpty();
    whole.forEach((block, text) -> assertThat(parts).containsEntry(block, text));
  }
}
