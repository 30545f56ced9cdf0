// SPDX-License-Identifier: MIT

package io.agentruntime.app.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentruntime.app.gateway.NodeClient;
import io.agentruntime.testkit.requirement.RequiresClaude;
import io.agentruntime.testkit.requirement.RequiresNode;
import io.agentruntime.testkit.sandbox.SandboxBench;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** SIGTERM ends a server in good order. */
@RequiresClaude
@RequiresNode
@Timeout(180)
final class ShutdownIT {
  @Test
  void aServerThatIsToldToStopRefusesNewWorkAndEndsWhatItHas(@TempDir Path folder)
      throws Exception {
    NodeClient.install();
    try (ServerProcess server =
            ServerProcess.start(
                folder.resolve("data"),
                ServerProcess.Start.withScriptedModel(
                    "local", Map.of("AGENT_RUNTIME_SHUTDOWN_TIMEOUT_MS", "14000")));
        Follower idle = new Follower(server);
        Follower quick = new Follower(server);
        Follower endless = new Follower(server)) {
      idle.turn("[[text:Hello]]");
      String longTurn = endless.send("[[slow:6000,50]]");
      endless.await("session:block:delta", longTurn);
      String shortTurn = quick.send("[[slow:20,50]][[text:Finished]]");
      quick.await("session:block:delta", shortTurn);
      assertThat(server.sandboxes()).hasSize(3);

      server.terminate();
      long asked = System.nanoTime();
      SandboxBench.await(
          "the server says that it stops",
          () -> server.call("GET", "/health", null).statusCode() == 503);
      assertRefused(
          server.call(
              "POST",
              "/api/sessions",
              Map.of("agentProfileRef", "default", "architecture", "claude-agent-sdk")));
      assertRefused(
          server.call(
              "POST",
              "/api/sessions/" + idle.session() + "/messages",
              Map.of("content", "[[text:Too late]]")));
      assertThat(quick.end(shortTurn).name()).isEqualTo("session:turn:completed");
      assertThat(endless.end(longTurn).name()).isEqualTo("session:turn:interrupted");

      assertThat(server.awaitExit()).as(server.log()).isZero();
      System.out.printf("shutdown: %d ms%n", (System.nanoTime() - asked) / 1_000_000);
      assertThat(server.sandboxes()).isEmpty();
      assertThat(ProcessHandle.allProcesses())
          .noneMatch(
              process -> process.info().commandLine().orElse("").contains(endless.session()));
    }
  }

  private static void assertRefused(HttpResponse<byte[]> reply) {
    assertThat(reply.statusCode()).isEqualTo(503);
    assertThat(new String(reply.body(), StandardCharsets.UTF_8)).contains("\"SHUTTING_DOWN\"");
  }
}
