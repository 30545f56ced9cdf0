// SPDX-License-Identifier: MIT

package io.agentruntime.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/** The Claude Code program as anybody would start it, without us. Confined to one thread. */
final class BareProgram implements AutoCloseable {
  private static final String KEY = "sk-bench";

  /** Top-level fields come in any order; inside of a text the quotes would be escaped. */
  private static final Pattern RESULT = Pattern.compile("\"type\":\"result\"");

  private final Process process;
  private final BufferedReader stdout;
  private final Writer stdin;

  private BareProgram(Process process) {
    this.process = process;
    this.stdout = process.inputReader(StandardCharsets.UTF_8);
    this.stdin = process.outputWriter(StandardCharsets.UTF_8);
  }

  /**
   * Starts it in a new folder.
   *
   * @param prompt its only prompt, or empty to give prompts over standard input
   */
  static BareProgram start(Path program, URI model, Path folder, String prompt) throws IOException {
    Path home = Files.createTempDirectory(folder, "home");
    List<String> command = new ArrayList<>(List.of(program.toString(), "-p"));
    if (prompt.isEmpty()) {
      command.add("--input-format=stream-json");
    } else {
      command.add(prompt);
    }
    command.addAll(
        List.of(
            "--output-format=stream-json",
            "--verbose",
            "--include-partial-messages",
            "--dangerously-skip-permissions"));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.directory(Files.createTempDirectory(folder, "work").toFile());
    builder.redirectError(ProcessBuilder.Redirect.DISCARD);
    if (!prompt.isEmpty()) {
      builder.redirectInput(Path.of("/dev/null").toFile());
    }
    Map<String, String> environment = builder.environment();
    String path = environment.get("PATH");
    environment.clear();
    environment.put("PATH", path);
    environment.put("HOME", home.toString());
    environment.put("IS_SANDBOX", "1");
    environment.put("CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC", "1");
    environment.put("ANTHROPIC_BASE_URL", model.toString());
    environment.put("ANTHROPIC_API_KEY", KEY);
    return new BareProgram(builder.start());
  }

  /** Gives it a prompt that needs no escapes. */
  void say(String prompt) throws IOException {
    stdin.write(
        "{\"type\":\"user\",\"message\":{\"role\":\"user\",\"content\":\"" + prompt + "\"}}\n");
    stdin.flush();
  }

  /** Reads on to the end of the turn. */
  void readTurn(Consumer<String> line) throws IOException {
    String next;
    do {
      next = stdout.readLine();
      if (next == null) {
        throw new IOException("the program ended with " + process.exitValue());
      }
      line.accept(next);
    } while (!RESULT.matcher(next).find());
    if (!next.contains("\"is_error\":false")) {
      throw new IOException("the turn failed: " + next);
    }
  }

  @Override
  public void close() throws IOException {
    try {
      process.getOutputStream().close();
      if (!process.waitFor(20, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
