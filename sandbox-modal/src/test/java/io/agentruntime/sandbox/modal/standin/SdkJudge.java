// SPDX-License-Identifier: MIT

package io.agentruntime.sandbox.modal.standin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.BindException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** The vendor's SDK with the checks of {@code src/test/js}, run by Node. */
final class SdkJudge {
  /** What became of a check. */
  record Verdict(String name, boolean passed, String error) {}

  private static final Path SOURCE = Path.of("src/test/js");
  private static final Path HOME = Path.of("target/js");
  private static final String LOCK = "package-lock.json";
  private static final int INSTALL_SECONDS = 600;
  private static final int RUN_SECONDS = 1200;

  /** Below those that Linux gives to whoever asks for any. */
  private static final int FIRST_PORT = 20_000;

  private static final int LAST_PORT = 30_000;

  /** Where two runs at once do not begin at the same. */
  private static final AtomicInteger NEXT_PORT =
      new AtomicInteger(
          FIRST_PORT + (int) (ProcessHandle.current().pid() * 31 % (LAST_PORT - FIRST_PORT)));

  private static final ObjectMapper JSON = new ObjectMapper();

  private SdkJudge() {}

  /** Installs what the lock file names, unless it is there already. */
  static synchronized void install() throws IOException, InterruptedException {
    Files.createDirectories(HOME);
    Path installed = HOME.resolve("node_modules/.installed");
    String wanted = Files.readString(SOURCE.resolve(LOCK));
    if (!Files.exists(installed) || !Files.readString(installed).equals(wanted)) {
      for (String file : List.of("package.json", LOCK)) {
        Files.copy(SOURCE.resolve(file), HOME.resolve(file), StandardCopyOption.REPLACE_EXISTING);
      }
      // Not "npm ci": it demands optional packages for other platforms in the lock file.
      run(
          List.of(
              "npm",
              "install",
              "--no-save",
              "--omit=optional",
              "--no-audit",
              "--no-fund",
              "--ignore-scripts"),
          Map.of(),
          INSTALL_SECONDS);
      Files.writeString(installed, wanted);
    }
    for (String script : List.of("judge.mjs", "checks.mjs")) {
      Files.copy(SOURCE.resolve(script), HOME.resolve(script), StandardCopyOption.REPLACE_EXISTING);
    }
  }

  /** Runs all checks against a stand-in. */
  static List<Verdict> judge(StandIn standIn, boolean second)
      throws IOException, InterruptedException {
    Map<String, String> environment = new HashMap<>();
    environment.put("MODAL_SERVER_URL", standIn.serverUrl().toString());
    environment.put("MODAL_TOKEN_ID", standIn.settings().tokenId());
    environment.put("MODAL_TOKEN_SECRET", standIn.settings().tokenSecret());
    environment.put("MODAL_CONFIG_PATH", "/nonexistent");
    environment.put("MODAL_LOGLEVEL", "error");
    environment.put("MODAL_SANDBOX_V2", second ? "1" : "0");
    environment.put("JUDGE_PORT", String.valueOf(freePort()));
    environment.put("JUDGE_PLAIN_PORT", String.valueOf(freePort()));
    // A file of its own: another run's may be written while this one's is read.
    Path folder = Files.createDirectories(HOME.resolve(second ? "v2" : "v1"));
    String trusted = Certificate.get().writeTo(folder.toAbsolutePath()).toString();
    environment.put("NODE_EXTRA_CA_CERTS", trusted);
    environment.put("GRPC_DEFAULT_SSL_ROOTS_FILE_PATH", trusted);
    environment.put("NODE_NO_WARNINGS", "1");
    try (RemoteControl control = new RemoteControl(standIn)) {
      environment.put("STAND_IN_CONTROL", control.url().toString());
      return verdicts(run(List.of("node", "judge.mjs"), environment, RUN_SECONDS));
    }
  }

  /**
   * A port that a program is to take much later: none of those that the system gives to whoever
   * asks for any, as it might have given this one away by then.
   */
  private static int freePort() throws IOException {
    while (true) {
      int port = NEXT_PORT.getAndUpdate(last -> last + 1 < LAST_PORT ? last + 1 : FIRST_PORT);
      try (ServerSocket socket = new ServerSocket(port)) {
        return socket.getLocalPort();
      } catch (BindException taken) {
        // The next one may be free.
        continue;
      }
    }
  }

  private static List<Verdict> verdicts(String printed) throws IOException {
    List<Verdict> verdicts = new ArrayList<>();
    for (String line : printed.split("\n")) {
      if (line.startsWith("{\"name\"")) {
        JsonNode node = JSON.readTree(line);
        verdicts.add(
            new Verdict(
                node.get("name").asText(),
                node.get("ok").asBoolean(),
                node.path("error").asText()));
      }
    }
    assertThat(verdicts).as("checks in: %s", printed).isNotEmpty();
    return verdicts;
  }

  private static String run(List<String> command, Map<String, String> environment, int seconds)
      throws IOException, InterruptedException {
    Path output = Files.createTempFile(HOME, "run", ".log");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(HOME.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    builder.environment().putAll(environment);
    Process process = builder.start();
    try {
      boolean ended = process.waitFor(seconds, TimeUnit.SECONDS);
      String printed = Files.readString(output);
      assertThat(ended).as("%s ends in time; printed: %s", command, printed).isTrue();
      if (command.getFirst().equals("npm")) {
        assertThat(process.exitValue()).as("%s printed: %s", command, printed).isZero();
      }
      return printed;
    } finally {
      process.destroyForcibly();
      Files.delete(output);
    }
  }
}
