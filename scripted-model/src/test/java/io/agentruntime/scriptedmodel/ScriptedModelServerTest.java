// SPDX-License-Identifier: MIT

package io.agentruntime.scriptedmodel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The server as a process of its own. */
@Timeout(180)
class ScriptedModelServerTest {

  private static Process start(String... args) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-XX:TieredStopAtLevel=1");
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(ScriptedModelServer.class.getName());
    command.addAll(List.of(args));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("SCRIPTED_MODEL_API_KEY", "key-of-the-environment");
    return builder.start();
  }

  @Test
  void printsItsAddressServesAndEndsWithItsStandardInput(@TempDir Path folder) throws Exception {
    Path script = Files.writeString(folder.resolve("mine.txt"), "[[text:from a file]]");
    Process process =
        start("--path-token", "tok", "--scenario", "mine=" + script, "--exit-with-stdin");
    try (BufferedReader out = process.inputReader()) {
      URI base = URI.create(out.readLine());
      assertThat(base.toString()).matches("http://127\\.0\\.0\\.1:[0-9]+/t/tok");
      try (ModelClient client = new ModelClient(base).withKey("key-of-the-environment")) {
        assertThat(ModelClient.text(client.user("[[scenario:mine]]").next()))
            .isEqualTo("from a file");
      }
      process.getOutputStream().close();
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).isZero();
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  void endsOnATermSignal() throws Exception {
    Process process = start();
    try (BufferedReader out = process.inputReader()) {
      assertThat(out.readLine()).startsWith("http://127.0.0.1:");
      process.destroy();
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  void wrongArgumentsAreExplained() throws Exception {
    for (String[] args :
        new String[][] {
          {"--port", "x"}, {"--port"}, {"--colour", "red"}, {"--scenario", "a=/no"}
        }) {
      Process process = start(args);
      try (BufferedReader err = process.errorReader()) {
        assertThat(err.readLine()).contains(args[0].equals("--scenario") ? "/no" : args[0]);
        assertThat(err.readAllAsString()).contains("Usage:");
        assertThat(process.waitFor()).isEqualTo(2);
      } finally {
        process.destroyForcibly();
      }
    }
  }
}
