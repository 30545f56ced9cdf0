// SPDX-License-Identifier: MIT

package io.agentruntime.app.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentruntime.app.endtoend.SocketClient.Seen;
import io.agentruntime.app.gateway.NodeClient;
import io.agentruntime.testkit.requirement.RequiresDocker;
import io.agentruntime.testkit.requirement.RequiresNode;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The Docker engine goes away under a working server, and comes back. */
@RequiresDocker
@RequiresNode
@Timeout(180)
final class EngineGoneIT {
  private EngineProxy engine;
  private ServerProcess server;

  @BeforeEach
  void start(@TempDir Path folder) throws Exception {
    NodeClient.install();
    engine = new EngineProxy();
    server =
        ServerProcess.start(
            folder.resolve("data"),
            ServerProcess.Start.withScriptedModel("docker", Map.of("DOCKER_HOST", engine.host())));
  }

  @AfterEach
  void stop() throws Exception {
    try (EngineProxy last = engine) {
      last.comeBack();
      if (server != null) {
        server.close();
      }
    }
  }

  @Test
  void theServerSaysWhatIsWrongLivesOnAndLosesNoTurn() throws Exception {
    try (Follower cold = new Follower(server);
        Follower warm = new Follower(server);
        Follower running = new Follower(server)) {
      warm.turn("My word is hazel.");
      String streaming = running.send("[[slow:100,20]][[text:The end.]]");
      running.await("session:block:delta", streaming);
      engine.goAway();

      Seen refused = cold.end(cold.send("[[text:Hello]]"));
      assertThat(refused.name()).isEqualTo("session:turn:failed");
      assertThat(refused.text("/code")).isEqualTo("SANDBOX_UNAVAILABLE");
      assertThat(refused.text("/message")).contains(engine.host(), "does not answer");
      assertThat(cold.seen("error")).singleElement().satisfies(e -> assertSame(e, refused));
      assertThat(server.get("/health").path("status").asText()).isEqualTo("ok");
      String waiting = warm.send("[[recall]]");
      assertThat(warm.view().at("/runtime/activeQuery").isMissingNode()).isFalse();

      engine.comeBack();
      assertThat(warm.end(waiting).name()).isEqualTo("session:turn:completed");
      assertThat(warm.said(waiting)).contains("My word is hazel.");
      assertThat(running.end(streaming).name()).isEqualTo("session:turn:completed");
      assertThat(running.said(streaming)).contains("100").endsWith("The end.");
      assertThat(cold.said(cold.turn("[[text:Here I am]]"))).isEqualTo("Here I am");
      for (Follower follower : new Follower[] {cold, warm, running}) {
        assertThat(follower.sandboxes()).hasSize(1);
        assertThat(server.sandboxesOf(follower.session())).isEqualTo(follower.sandboxes());
      }
    }
  }

  private static void assertSame(Seen error, Seen failed) {
    assertThat(error.text("/code")).isEqualTo(failed.text("/code"));
    assertThat(error.text("/message")).isEqualTo(failed.text("/message"));
  }
}
