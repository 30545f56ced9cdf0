// SPDX-License-Identifier: MIT

package io.agentruntime.app.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The scripts of {@code src/test/js}, with the official client installed beside them. */
public final class NodeClient {
  private static final Path SOURCE = Path.of("src/test/js");
  private static final Path HOME = Path.of("target/js");
  private static final String LOCK = "package-lock.json";
  private static final int INSTALL_SECONDS = 180;
  private static final int RUN_SECONDS = 180;

  private NodeClient() {}

  /** Installs what the lock file names, unless it is there already. */
  public static synchronized void install() throws IOException, InterruptedException {
    Files.createDirectories(HOME);
    Path installed = HOME.resolve("node_modules/.installed");
    String wanted = Files.readString(SOURCE.resolve(LOCK));
    if (!Files.exists(installed) || !Files.readString(installed).equals(wanted)) {
      for (String file : List.of("package.json", LOCK)) {
        Files.copy(SOURCE.resolve(file), HOME.resolve(file), StandardCopyOption.REPLACE_EXISTING);
      }
      run(List.of("npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts"), INSTALL_SECONDS);
      Files.writeString(installed, wanted);
    }
    try (var scripts = Files.newDirectoryStream(SOURCE, "*.mjs")) {
      for (Path script : scripts) {
        Files.copy(script, HOME.resolve(script.getFileName()), StandardCopyOption.REPLACE_EXISTING);
      }
    }
  }

  /** Runs a script to its end, which must be a good one. What it printed. */
  public static String run(String script, String... args) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("node", script));
    command.addAll(List.of(args));
    return run(command, RUN_SECONDS);
  }

  private static String run(List<String> command, int seconds)
      throws IOException, InterruptedException {
    Path output = Files.createTempFile(HOME, "run", ".log");
    Process process =
        new ProcessBuilder(command)
            .directory(HOME.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    try {
      boolean ended = process.waitFor(seconds, TimeUnit.SECONDS);
      String printed = Files.readString(output);
      assertThat(ended).as("%s ends in time; printed: %s", command, printed).isTrue();
      assertThat(process.exitValue()).as("%s printed: %s", command, printed).isZero();
      return printed;
    } finally {
      process.destroyForcibly();
      Files.delete(output);
    }
  }
}
