// SPDX-License-Identifier: MIT

package io.agentruntime.scriptedmodel;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.agentruntime.testkit.requirement.TestMachine;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** The real OpenCode program, fed by a scripted model: its server, and single runs. */
final class OpenCodeProgram implements AutoCloseable {

  private static final Duration TIMEOUT = Duration.ofSeconds(120);
  private static final String LISTENING = "listening on ";

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(TIMEOUT).build();
  private final BlockingQueue<String> output = new LinkedBlockingQueue<>();
  private final BlockingQueue<JsonNode> events = new LinkedBlockingQueue<>();
  private final Process process;
  private final URI server;
  private volatile boolean closing;

  /** Starts the program's server and listens to its events. */
  OpenCodeProgram(URI model, Path home, Path workspace) throws IOException, InterruptedException {
    process =
        builder(model, home, workspace, List.of("serve", "--hostname=127.0.0.1", "--port=0"))
            .start();
    Thread.ofVirtual().name("opencode-output").start(this::read);
    server = URI.create(listening());
    HttpResponse<Stream<String>> stream =
        http.send(
            HttpRequest.newBuilder(server.resolve("/event")).build(),
            HttpResponse.BodyHandlers.ofLines());
    Thread.ofVirtual().name("opencode-events").start(() -> listen(stream.body()));
    await(event -> event.path("type").asText().equals("server.connected"));
  }

  private static ProcessBuilder builder(
      URI model, Path home, Path workspace, List<String> arguments) throws IOException {
    Files.createDirectories(home);
    Files.createDirectories(workspace);
    List<String> command = new ArrayList<>();
    command.add(TestMachine.openCode().toString());
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command).directory(workspace.toFile());
    builder.redirectError(home.resolve("stderr").toFile());
    Map<String, String> environment = builder.environment();
    String path = environment.get("PATH");
    environment.clear();
    environment.put("PATH", path);
    environment.put("HOME", home.toString());
    environment.put("OPENCODE_DISABLE_AUTOUPDATE", "1");
    environment.put("OPENCODE_DISABLE_MODELS_FETCH", "1");
    environment.put("OPENCODE_DISABLE_LSP_DOWNLOAD", "1");
    environment.put("OPENCODE_DISABLE_DEFAULT_PLUGINS", "1");
    environment.put("OPENCODE_CONFIG_CONTENT", configuration(model).toString());
    return builder;
  }

  private static ObjectNode configuration(URI model) {
    ObjectNode root = ModelClient.JSON.createObjectNode();
    root.put("model", "scripted/scripted").put("small_model", "scripted/scripted");
    root.put("autoupdate", false).put("share", "disabled").put("permission", "allow");
    root.putArray("enabled_providers").add("scripted");
    ObjectNode provider = root.putObject("provider").putObject("scripted");
    provider.put("npm", "@ai-sdk/openai-compatible").put("name", "Scripted");
    provider.putObject("options").put("baseURL", model + "/v1").put("apiKey", "test-key");
    ObjectNode scripted = provider.putObject("models").putObject("scripted");
    scripted.put("name", "Scripted").put("reasoning", true).put("tool_call", true);
    scripted.putObject("limit").put("context", 200_000).put("output", 8_192);
    scripted.putObject("cost").put("input", 1).put("output", 2).put("cache_read", 0.1);
    return root;
  }

  /** What a single run prints, without a server of its own. */
  static List<JsonNode> run(URI model, Path home, Path workspace, String prompt)
      throws IOException, InterruptedException {
    Process run =
        builder(model, home, workspace, List.of("run", "--format=json", "--auto", "--thinking"))
            .start();
    try (var in = run.outputWriter()) {
      in.write(prompt);
    }
    List<JsonNode> lines = new ArrayList<>();
    try (BufferedReader out = run.inputReader()) {
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        lines.add(ModelClient.JSON.readTree(line));
      }
      assertThat(run.waitFor(TIMEOUT.toSeconds(), TimeUnit.SECONDS)).isTrue();
    } finally {
      run.destroyForcibly();
    }
    return lines;
  }

  private void read() {
    try (BufferedReader out = process.inputReader()) {
      out.lines().forEach(output::add);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String listening() throws InterruptedException {
    while (true) {
      String line = output.poll(TIMEOUT.toSeconds(), TimeUnit.SECONDS);
      assertThat(line).as("the next line of the program").isNotNull();
      if (line.contains(LISTENING)) {
        return line.substring(line.indexOf(LISTENING) + LISTENING.length()).strip();
      }
    }
  }

  private void listen(Stream<String> lines) {
    try {
      lines.forEach(this::event);
    } catch (UncheckedIOException e) {
      if (!closing) {
        throw e;
      }
    }
  }

  private void event(String line) {
    if (line.startsWith("data: ")) {
      try {
        events.add(ModelClient.JSON.readTree(line.substring("data: ".length())));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** Reads on until an event fits; fails after a while. */
  JsonNode await(Predicate<JsonNode> wanted) throws InterruptedException {
    while (true) {
      JsonNode event = events.poll(TIMEOUT.toSeconds(), TimeUnit.SECONDS);
      assertThat(event).as("the next event of the program").isNotNull();
      if (wanted.test(event)) {
        return event;
      }
    }
  }

  /** A new session's id. */
  String session() throws IOException, InterruptedException {
    return post("/session", ModelClient.JSON.createObjectNode()).path("id").asText();
  }

  /** One turn: a prompt and the last message of its answer. */
  JsonNode turn(String session, String prompt) throws IOException, InterruptedException {
    return post("/session/" + session + "/message", prompt(prompt));
  }

  /** Says something without waiting. */
  void say(String session, String prompt) throws IOException, InterruptedException {
    post("/session/" + session + "/prompt_async", prompt(prompt));
  }

  void abort(String session) throws IOException, InterruptedException {
    post("/session/" + session + "/abort", ModelClient.JSON.createObjectNode());
  }

  /** Lets the program summarize a conversation, and go on from the summary. */
  void summarize(String session) throws IOException, InterruptedException {
    ObjectNode body = ModelClient.JSON.createObjectNode();
    body.put("providerID", "scripted").put("modelID", "scripted");
    post("/session/" + session + "/summarize", body);
  }

  /** Everything in a session so far: each message's information and parts. */
  JsonNode messages(String session) throws IOException, InterruptedException {
    return send(HttpRequest.newBuilder(server.resolve("/session/" + session + "/message")));
  }

  private static ObjectNode prompt(String text) {
    ObjectNode body = ModelClient.JSON.createObjectNode();
    body.putArray("parts").addObject().put("type", "text").put("text", text);
    return body;
  }

  private JsonNode post(String path, ObjectNode body) throws IOException, InterruptedException {
    return send(
        HttpRequest.newBuilder(server.resolve(path))
            .header("content-type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body.toString())));
  }

  private JsonNode send(HttpRequest.Builder request) throws IOException, InterruptedException {
    HttpResponse<String> response =
        http.send(request.timeout(TIMEOUT).build(), HttpResponse.BodyHandlers.ofString());
    assertThat(response.statusCode()).as(response.body()).isBetween(200, 299);
    return response.body().isEmpty()
        ? ModelClient.JSON.nullNode()
        : ModelClient.JSON.readTree(response.body());
  }

  /** Kills the program: asked to end, it waits for whoever listens to its events. */
  @Override
  public void close() {
    closing = true;
    process.destroyForcibly();
    http.shutdownNow();
    http.close();
  }
}
