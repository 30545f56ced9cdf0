// SPDX-License-Identifier: MIT

package io.agentruntime.app.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentruntime.app.gateway.NodeClient;
import io.agentruntime.scriptedmodel.ScriptedModel;
import io.agentruntime.scriptedmodel.ScriptedModelOptions;
import io.agentruntime.testkit.requirement.RequiresClaude;
import io.agentruntime.testkit.requirement.RequiresNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An agent that tells all it knows: the key that it was given is seen nowhere. */
@RequiresClaude
@RequiresNode
@Timeout(180)
final class SecretsIT {
  /** Its ends are searched for, so that it is found however its middle is escaped. */
  private static final String KEY = "sk-ant-canary4711\"in\\the/middle-of%it+end0815";

  private static final List<String> ENDS = List.of("canary4711", "end0815");

  private static final String TELL_ALL =
      "[[bash:env; echo; cat /proc/self/environ]][[result]][[bash:printenv ANTHROPIC_API_KEY >"
          + " key.txt; env | grep API >&2; exit 3]][[subagent:[[bash:env]][[result]]]]";

  @Test
  void theKeyOfAnAgentThatTellsAllItKnowsIsNowhereToBeSeen(@TempDir Path folder) throws Exception {
    NodeClient.install();
    Path data = folder.resolve("data");
    try (ScriptedModel model =
            ScriptedModel.start(ScriptedModelOptions.defaults().withApiKey(KEY));
        ServerProcess server = ServerProcess.start(data, start(model));
        Follower follower = new Follower(server);
        SocketClient unified = SocketClient.connect(server.socketUrl("unified"), "polling")) {
      String session = follower.session();
      unified.join(session);
      String message = follower.turn(TELL_ALL);
      follower.end(follower.send("[[fault:400]]"));
      unified.await("the end", event -> event.text("/type").equals("query:failed"));
      server.post("/api/sessions/" + session + "/sync", Map.of());

      assertThat(follower.returned(message).getFirst())
          .contains("ANTHROPIC_API_KEY=" + "*".repeat(KEY.length()));
      assertThat(follower.said(message)).contains("ANTHROPIC_API_KEY=****");
      assertHidden("sockets, flat", follower.seen().toString());
      assertHidden("sockets, unified", unified.seen().toString());
      for (String path : List.of("", "/events", "/queue", "/permissions")) {
        assertHidden("GET " + path, server.get("/api/sessions/" + session + path).toString());
      }
      assertThat(new String(server.file(session, "key.txt"), StandardCharsets.UTF_8))
          .isEqualToIgnoringNewLines("*".repeat(KEY.length()));
      assertHidden("the list", server.get("/api/sessions").toString());

      // What was stored of the agent's own transcript is what a fresh sandbox gets back.
      server.post("/sessions/" + session + "/environment/terminate", Map.of());
      assertHiddenIn(data);
      assertThat(follower.said(follower.turn("[[recall]]"))).contains("environ");
      Path home = data.resolve("sandbox/local").resolve(server.sandboxesOf(session).getFirst());
      assertHiddenIn(home.resolve("home"));

      server.terminate();
      assertThat(server.awaitExit()).isZero();
      assertHiddenIn(data);
      assertHidden("the log", server.log());
      assertThat(server.log()).contains("/sessions/").doesNotContain(server.key());
    }
  }

  private static ServerProcess.Start start(ScriptedModel model) {
    return new ServerProcess.Start(
        "local",
        Map.of("ANTHROPIC_API_KEY", KEY, "ANTHROPIC_BASE_URL", model.baseUri().toString()),
        List.of("--log-level", "debug"));
  }

  private static void assertHidden(String where, String text) {
    assertThat(text).as(where).isNotEmpty().doesNotContain(ENDS);
  }

  /** Searches everything that lies in a folder, in which programs are at work. */
  private static void assertHiddenIn(Path folder) throws IOException {
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            try {
              // As bytes that are letters: what is searched for is ASCII.
              assertThat(
                      attributes.isRegularFile()
                          ? Files.readString(file, StandardCharsets.ISO_8859_1)
                          : "")
                  .as("%s", file)
                  .doesNotContain(ENDS);
            } catch (NoSuchFileException e) {
              return visitFileFailed(file, e);
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException error) throws IOException {
            if (error instanceof NoSuchFileException) {
              // It was a file of a moment: an agent renames what it writes.
              return FileVisitResult.CONTINUE;
            }
            throw error;
          }
        });
  }
}
