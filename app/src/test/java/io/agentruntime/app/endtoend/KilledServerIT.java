package io.agentruntime.app.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentruntime.app.endtoend.SocketClient.Seen;
import io.agentruntime.app.gateway.NodeClient;
import io.agentruntime.scriptedmodel.ScriptedModel;
import io.agentruntime.scriptedmodel.ScriptedModelOptions;
import io.agentruntime.testkit.requirement.RequiresClaude;
import io.agentruntime.testkit.requirement.RequiresNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A server that keeps its sessions in a database is killed, and another one takes over. */
@RequiresClaude
@RequiresNode
@Timeout(180)
final class KilledServerIT {
  @Test
  void theNextServerGoesOnInTheMiddleOfATurnAndAClientMissesNothing(@TempDir Path folder)
      throws Exception {
    NodeClient.install();
    Path data = folder.resolve("data");
    try (ScriptedModel model = ScriptedModel.start(ScriptedModelOptions.defaults());
        ServerProcess first = ServerProcess.start(data, start(model));
        Follower follower = new Follower(first)) {
      String session = follower.session();
      follower.turn("My word is beech.");
      String message =
          follower.send("[[slow:150,20]][[write late.txt|written late]][[text:The end.]]");
      follower.await("session:block:delta", message);
      first.kill();
      List<Seen> told = new ArrayList<>(follower.seen());

      try (ServerProcess second = ServerProcess.start(data, start(model));
          SocketClient client = SocketClient.connect(second.socketUrl("flat"), "websocket")) {
        assertThat(client.joinAfter(session, seq(told.getLast())).path("success").asBoolean())
            .isTrue();
        Seen end =
            client.await(
                "the end of the turn",
                event ->
                    event.name().matches("session:turn:(completed|failed|interrupted)")
                        && event.text("/messageId").equals(message));

        assertThat(end.name()).as("%s", end).isEqualTo("session:turn:completed");
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

  private static ServerProcess.Start start(ScriptedModel model) {
    return new ServerProcess.Start(
        "local",
        Map.of(
            "AGENT_RUNTIME_PERSISTENCE",
            "jdbc",
            "ANTHROPIC_API_KEY",
            "a-key-for-the-scripted-model",
            "ANTHROPIC_BASE_URL",
            model.baseUri().toString()),
        List.of());
  }

  private static long seq(Seen event) {
    return event.payload().path("seq").asLong();
  }
}
