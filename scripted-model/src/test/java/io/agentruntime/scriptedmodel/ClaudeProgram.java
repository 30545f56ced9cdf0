// SPDX-License-Identifier: MIT

package io.agentruntime.scriptedmodel;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.agentruntime.testkit.requirement.TestMachine;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** The real Claude Code program, fed by a scripted model. */
final class ClaudeProgram implements AutoCloseable {

  private static final long LINE_TIMEOUT_SECONDS = 120;

  private final Process process;
  private final Writer in;
  private final BlockingQueue<JsonNode> lines = new LinkedBlockingQueue<>();
  private final List<JsonNode> seen = new ArrayList<>();

  /**
   * Starts the program.
   *
   * @param home its home and configuration
   * @param workspace where it works
   */
  ClaudeProgram(URI model, Path home, Path workspace, String... more) throws IOException {
    Files.createDirectories(home);
    Files.createDirectories(workspace);
    List<String> command = new ArrayList<>();
    command.add(TestMachine.claude().toString());
    command.addAll(
        List.of(
            "-p",
            "--input-format=stream-json",
            "--output-format=stream-json",
            "--verbose",
            "--include-partial-messages",
            "--replay-user-messages",
            "--forward-subagent-text",
            "--dangerously-skip-permissions"));
    command.addAll(List.of(more));
    ProcessBuilder builder = new ProcessBuilder(command).directory(workspace.toFile());
    builder.redirectError(home.resolve("stderr").toFile());
    Map<String, String> environment = builder.environment();
    String path = environment.get("PATH");
    environment.clear();
    environment.put("PATH", path);
    environment.put("HOME", home.toString());
    environment.put("CLAUDE_CONFIG_DIR", home.resolve(".claude").toString());
    environment.put("IS_SANDBOX", "1");
    environment.put("CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC", "1");
    environment.put("CLAUDE_CODE_MAX_RETRIES", "1");
    environment.put("ANTHROPIC_BASE_URL", model.toString());
    environment.put("ANTHROPIC_API_KEY", "test-key");
    process = builder.start();
    in = process.outputWriter();
    Thread.ofVirtual().name("claude-output").start(this::read);
  }

  private void read() {
    try (BufferedReader out = process.inputReader()) {
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        lines.add(ModelClient.JSON.readTree(line));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void say(String text) throws IOException {
    send(userLine(text));
  }

  private static ObjectNode userLine(String text) {
    ObjectNode line = ModelClient.JSON.createObjectNode().put("type", "user");
    ObjectNode message = line.putObject("message").put("role", "user");
    message.putArray("content").addObject().put("type", "text").put("text", text);
    return line;
  }

  /** Says something during a turn and waits until the program has it in its queue. */
  void sayDuringTurn(String text) throws IOException, InterruptedException {
    String uuid = UUID.randomUUID().toString();
    send(userLine(text).put("uuid", uuid));
    await(
        line ->
            line.path("command_uuid").asText().equals(uuid)
                && line.path("state").asText().equals("queued"));
  }

  void interrupt() throws IOException {
    ObjectNode line = ModelClient.JSON.createObjectNode().put("type", "control_request");
    line.put("request_id", "interrupt-1").putObject("request").put("subtype", "interrupt");
    send(line);
  }

  private void send(JsonNode line) throws IOException {
    in.write(line + "\n");
    in.flush();
  }

  /** Reads on until a line fits; fails after a while. */
  JsonNode await(Predicate<JsonNode> wanted) throws InterruptedException {
    while (true) {
      JsonNode line = lines.poll(LINE_TIMEOUT_SECONDS, TimeUnit.SECONDS);
      assertThat(line).as("the next line of the program").isNotNull();
      seen.add(line);
      if (wanted.test(line)) {
        return line;
      }
    }
  }

  /** Reads on to the end of the turn and gives its result line. */
  JsonNode result() throws InterruptedException {
    return await(line -> line.path("type").asText().equals("result"));
  }

  /** One turn: a prompt and its result. */
  JsonNode turn(String prompt) throws IOException, InterruptedException {
    say(prompt);
    return result();
  }

  /** All lines read so far. */
  List<JsonNode> seen() {
    return List.copyOf(seen);
  }

  /** Content blocks of this type in the program's complete messages. */
  List<JsonNode> blocks(String type) {
    List<JsonNode> blocks = new ArrayList<>();
    for (JsonNode line : seen) {
      for (JsonNode block : line.path("message").path("content")) {
        if (block.path("type").asText().equals(type)) {
          blocks.add(block);
        }
      }
    }
    return blocks;
  }

  /** The end of the conversation: waits for the program to exit. */
  @Override
  public void close() throws IOException {
    try {
      in.close();
      if (!process.waitFor(60, TimeUnit.SECONDS)) {
        throw new IOException("The program does not exit at the end of its input");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      process.destroyForcibly();
    }
  }
}
