// SPDX-License-Identifier: MIT

package io.agentruntime.app.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentruntime.app.endtoend.SocketClient.Seen;
import io.agentruntime.app.gateway.NodeClient;
import io.agentruntime.scriptedmodel.ScriptedModel;
import io.agentruntime.scriptedmodel.ScriptedModelOptions;
import io.agentruntime.testkit.requirement.RequiresClaude;
import io.agentruntime.testkit.requirement.RequiresDocker;
import io.agentruntime.testkit.requirement.RequiresGemini;
import io.agentruntime.testkit.requirement.RequiresNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A server is killed, or leaves without ending anything, and another one takes over. */
@RequiresNode
@Timeout(180)
final class KilledServerIT {
  private static final String KEY = "a-key-for-the-scripted-model";
  private static final String CLAUDE = "claude-agent-sdk";

  private @TempDir Path folder;

  @Test
  @RequiresClaude
  void theNextServerGoesOnInTheMiddleOfATurnAndAClientMissesNothing() throws Exception {
    goesOn(CLAUDE, "local", "end", ServerProcess::kill);
  }

  @Test
  @RequiresDocker
  void aTurnInAContainerGoesOnAsWell() throws Exception {
    goesOn(CLAUDE, "docker", "end", ServerProcess::kill);
  }

  @Test
  @RequiresClaude
  void aServerThatDetachesIsReplacedInTheMiddleOfATurn() throws Exception {
    goesOn(CLAUDE, "local", "detach", ServerProcess::detach);
  }

  @Test
  @RequiresGemini
  void geminisTurnGoesOnAsWell() throws Exception {
    goesOn("gemini-cli", "local", "end", ServerProcess::kill);
  }

  /** How the first server ends. */
  private interface End {
    void of(ServerProcess server) throws InterruptedException;
  }

  private void goesOn(String architecture, String sandbox, String shutdownMode, End end)
      throws Exception {
    NodeClient.install();
    Path data = folder.resolve("data");
    ScriptedModelOptions reachable =
        ScriptedModelOptions.defaults()
            .withBind(sandbox.equals("docker") ? "0.0.0.0" : "127.0.0.1")
            .withApiKey(KEY);
    try (ScriptedModel model = ScriptedModel.start(reachable);
        ServerProcess first = ServerProcess.start(data, start(model, sandbox, shutdownMode));
        Follower follower = new Follower(first, architecture)) {
      String session = follower.session();
      follower.turn("My word is beech.");
      String message =
          follower.send("[[slow:150,20]][[write late.txt|written late]][[text:The end.]]");
      follower.await("session:block:delta", message);
      end.of(first);
      List<Seen> told = new ArrayList<>(follower.seen());

      try (ServerProcess second = ServerProcess.start(data, start(model, sandbox, "end"));
          SocketClient client = SocketClient.connect(second.socketUrl("flat"), "websocket")) {
        assertThat(client.joinAfter(session, seq(told.getLast())).path("success").asBoolean())
            .isTrue();
        Seen done =
            client.await(
                "the end of the turn",
                event ->
                    event.name().matches("session:turn:(completed|failed|interrupted)")
                        && event.text("/messageId").equals(message));

        assertThat(done.name()).as("%s", done).isEqualTo("session:turn:completed");
        // On joining, a client is told the status with the number that it has.
        client.seen().stream()
            .filter(event -> event.text("/sessionId").equals(session))
            .filter(event -> seq(event) > seq(told.getLast()))
            .forEach(told::add);
        assertThat(told).extracting(KilledServerIT::seq).isSorted().doesNotHaveDuplicates();
        Told.assertEachBlockIsWhole(Told.flat(told));
        assertThat(second.get("/api/sessions/" + session).path("blocks"))
            .extracting(block -> block.path("id").asText())
            .isEqualTo(Told.ids(Told.flat(told)));
        assertThat(second.sandboxesOf(session)).isEqualTo(follower.sandboxes());
        second.post("/api/sessions/" + session + "/sync", Map.of());
        assertThat(new String(second.file(session, "late.txt"), StandardCharsets.UTF_8))
            .isEqualTo("written late");

        String next = second.send(session, "[[recall]]");
        client.await(
            "the end of the next turn",
            event -> event.is("session:turn:completed") && event.text("/messageId").equals(next));
        assertThat(second.get("/api/sessions/" + session).path("blocks").toString())
            .contains("- My word is beech.");
      }
    }
  }

  private static ServerProcess.Start start(
      ScriptedModel model, String sandbox, String shutdownMode) {
    String base = "http://{sandbox-host}:" + model.baseUri().getPort() + model.baseUri().getPath();
    return new ServerProcess.Start(
        sandbox,
        Map.of(
            "AGENT_RUNTIME_SHUTDOWN_MODE",
            shutdownMode,
            "ANTHROPIC_API_KEY",
            KEY,
            "ANTHROPIC_BASE_URL",
            base,
            "GEMINI_API_KEY",
            KEY,
            "GOOGLE_GEMINI_BASE_URL",
            base),
        List.of());
  }

  private static long seq(Seen event) {
    return event.payload().path("seq").asLong();
  }
}
