// SPDX-License-Identifier: MIT

package io.agentruntime.support.spool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.spi.sandbox.ProcessId;
import io.agentruntime.spi.sandbox.ProcessSignal;
import io.agentruntime.spi.sandbox.ProcessSpec;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Runs the script's commands as a sandbox provider would. */
@Timeout(60)
abstract class SpoolTest {
  static final ProcessId ID = new ProcessId("p1");
  static final Duration LONG = Duration.ofSeconds(20);

  @TempDir Path folder;
  SpoolCommands commands;

  @BeforeEach
  void installScript() throws IOException {
    Path script = folder.resolve(SpoolScript.fileName());
    Files.writeString(script, SpoolScript.text());
    commands = new SpoolCommands(script.toString(), folder.resolve("spools").toString());
  }

  @AfterEach
  void endProcess() throws Exception {
    run(commands.signal(ID, ProcessSignal.KILL));
    awaitEnd();
  }

  void start(String... command) throws Exception {
    start(Map.of("PATH", "/usr/bin:/bin"), List.of(command));
  }

  void start(Map<String, String> environment, List<String> command) throws Exception {
    start(ProcessSpec.DEFAULT_SPOOL_LIMIT, environment, command);
  }

  void start(long limit, Map<String, String> environment, List<String> command) throws Exception {
    ProcessSpec spec = new ProcessSpec(ID, command, environment, folder.toString(), limit);
    SpoolReply.ok(ID, run(commands.start(spec), environment, new byte[0]));
  }

  long write(long offset, String text) throws Exception {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return SpoolReply.number(
        ID, run(commands.writeStdin(ID, offset, bytes.length), Map.of(), bytes));
  }

  SpoolStatus status() throws Exception {
    return SpoolReply.status(ID, run(commands.status(ID)));
  }

  SpoolStatus awaitEnd() throws Exception {
    String line = run(commands.await(ID, LONG));
    return line.startsWith("missing")
        ? new SpoolStatus(null, 0, 0, 0, 0, 0)
        : SpoolReply.status(ID, line);
  }

  String follow(SpoolStream stream, long offset) throws Exception {
    String[] answer = run(commands.follow(ID, stream, offset, false)).split("\n", 2);
    SpoolReply.followed(ID, answer[0]);
    return answer[1];
  }

  static String run(List<String> command) throws Exception {
    return run(command, Map.of(), new byte[0]);
  }

  static String run(List<String> command, Map<String, String> environment, byte[] input)
      throws Exception {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.redirectError(ProcessBuilder.Redirect.INHERIT);
    builder.environment().clear();
    builder.environment().putAll(environment);
    Process process = builder.start();
    try (OutputStream out = process.getOutputStream()) {
      out.write(input);
    }
    String answer = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).isZero();
    return answer;
  }

  static int countOf(String arguments) throws IOException {
    List<Path> found = new ArrayList<>();
    try (var processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
      for (Path process : processes) {
        try {
          if (Files.readString(process.resolve("cmdline")).startsWith(arguments)) {
            found.add(process);
          }
        } catch (IOException e) {
          continue; // it has ended meanwhile
        }
      }
    }
    return found.size();
  }

  static void await(Callable<Boolean> condition) throws Exception {
    long deadline = System.nanoTime() + LONG.toNanos();
    while (!condition.call()) {
      assertThat(System.nanoTime()).isLessThan(deadline);
      Thread.onSpinWait();
    }
  }

  static void assertCode(String code, ThrowingRunnable call) {
    assertThatThrownBy(call::run)
        .isInstanceOfSatisfying(
            AgentRuntimeException.class, e -> assertThat(e.code().name()).isEqualTo(code));
  }

  interface ThrowingRunnable {
    void run() throws Exception;
  }
}
