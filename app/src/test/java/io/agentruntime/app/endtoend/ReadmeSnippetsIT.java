// SPDX-License-Identifier: MIT

package io.agentruntime.app.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentruntime.app.gateway.NodeClient;
import io.agentruntime.testkit.requirement.RequiresClaude;
import io.agentruntime.testkit.requirement.RequiresNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the README tells people to type, typed. */
@RequiresClaude
@RequiresNode
@Timeout(180)
final class ReadmeSnippetsIT {
  private static final String ADDRESS = "http://127.0.0.1:3001";
  private static final String KEY_FILE = ".runtime/data/api-key";
  private static final String SESSION = "4f0c…";
  private static final Pattern SESSION_ID = Pattern.compile("\"sessionId\":\"([^\"]+)\"");

  @TempDir private Path folder;

  @Test
  void theRequestsAndTheScriptOfTheReadmeWork() throws Exception {
    NodeClient.install();
    Path data = folder.resolve("data");
    try (ServerProcess server =
        ServerProcess.start(data, ServerProcess.Start.withScriptedModel("local", Map.of()))) {
      String[] shell =
          snippet("```\nkey=$(cat")
              .replace(KEY_FILE, data.resolve("api-key").toString())
              .replace(ADDRESS, server.url())
              .split("\n\n", 2);
      Matcher created = SESSION_ID.matcher(bash(shell[0]));
      assertThat(created.find()).isTrue();
      String session = created.group(1);

      Path script = Path.of("target/js/readme.mjs");
      Files.writeString(
          script,
          "const key = '%s', sessionId = '%s';\n".formatted(server.key(), session)
              + snippet("```js\n").replace(ADDRESS, server.url()));
      Process listener =
          new ProcessBuilder("node", script.getFileName().toString())
              .directory(script.getParent().toFile())
              .redirectErrorStream(true)
              .start();
      try (var printed = listener.inputReader()) {
        // It has joined once it prints the reply.
        StringBuilder said = new StringBuilder(printed.readLine()).append('\n');
        assertThat(said).contains("{");
        String answers =
            bash(
                shell[0].lines().findFirst().orElseThrow()
                    + "\n"
                    + shell[1].replace(SESSION, session));
        assertThat(answers).contains("\"success\":true").contains(session);
        printed.lines().forEach(line -> said.append(line).append('\n'));

        assertThat(said).contains("Hello!");
        assertThat(listener.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(listener.exitValue()).isZero();
      } finally {
        listener.destroyForcibly();
      }
    }
  }

  /** The code block of the README that begins so. */
  private static String snippet(String start) throws IOException {
    String readme = Files.readString(Path.of("../README.md"));
    int from = readme.indexOf(start);
    assertThat(from).as("the README has %s", start).isNotNegative();
    int code = readme.indexOf('\n', from) + 1;
    return readme.substring(code, readme.indexOf("```", code));
  }

  private static String bash(String commands) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                List.of(
                    "bash",
                    "-euo",
                    "pipefail",
                    "-c",
                    commands.replace("curl ", "curl -sS --fail-with-body ")))
            .redirectErrorStream(true)
            .start();
    process.getOutputStream().close();
    String printed = new String(process.getInputStream().readAllBytes());
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as("%s printed %s", commands, printed).isZero();
    return printed;
  }
}
