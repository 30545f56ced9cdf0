// SPDX-License-Identifier: MIT

package io.agentruntime.app.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.agentruntime.app.Application;
import io.agentruntime.spi.Secret;
import io.agentruntime.spi.sandbox.SandboxListing;
import io.agentruntime.spi.sandbox.SandboxProvider;
import io.agentruntime.testkit.TestProviderContext;
import io.agentruntime.testkit.requirement.TestMachine;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The server as an operator starts it: a process with a data directory and an environment of its
 * own. Thread-safe; the test closes it.
 */
final class ServerProcess implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Pattern ADDRESS = Pattern.compile("Listening on (http://\\S+)");
  private static final JsonMapper JSON = new JsonMapper();

  private final Process process;
  private final Path data;
  private final SandboxProvider sandboxes;
  private final StringBuffer log = new StringBuffer();
  private final CompletableFuture<URI> address = new CompletableFuture<>();
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private volatile boolean killed;

  /**
   * How to start it.
   *
   * @param sandbox the sandbox provider's id
   * @param environment variables beside those that every server gets
   * @param arguments of the command line, beside those that every server gets
   */
  record Start(String sandbox, Map<String, String> environment, List<String> arguments) {
    /** With agents that are fed from a scripted model in the server. */
    static Start withScriptedModel(String sandbox, Map<String, String> environment) {
      return new Start(sandbox, environment, List.of("--model", "scripted"));
    }
  }

  private ServerProcess(Process process, Path data, SandboxProvider sandboxes) {
    this.process = process;
    this.data = data;
    this.sandboxes = sandboxes;
  }

  /** Starts one; returns when it listens. */
  static ServerProcess start(Path data, Start start) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                System.getProperty("java.class.path"),
                Application.class.getName(),
                "--sandbox",
                start.sandbox(),
                "--port",
                "0",
                "--data-dir",
                data.toString()));
    command.addAll(start.arguments());
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    // Nothing of the build's own environment.
    builder.environment().clear();
    builder.environment().put("PATH", System.getenv("PATH"));
    builder.environment().put("LC_ALL", "C.UTF-8");
    builder.environment().put("AGENT_RUNTIME_IMAGE", TestMachine.sandboxImage());
    builder.environment().put("DOCKER_HOST", TestMachine.dockerHost().toString());
    if (start.sandbox().equals("local")) {
      program(builder, "AGENT_RUNTIME_CLAUDE", TestMachine.claude());
      program(builder, "AGENT_RUNTIME_GEMINI", TestMachine.gemini());
      program(builder, "AGENT_RUNTIME_OPENCODE", TestMachine.openCode());
    }
    builder.environment().putAll(start.environment());
    ServerProcess server = new ServerProcess(builder.start(), data, provider(start.sandbox()));
    Thread.ofVirtual().name("log-of-server").start(server::readLog);
    try {
      server.address.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      server.openSandboxes(builder.environment());
      return server;
    } catch (Exception e) {
      server.process.destroyForcibly();
      throw new AssertionError("the server does not start; it said:\n" + server.log(), e);
    }
  }

  /** A test requires the program that it uses; the others may be missing. */
  private static void program(ProcessBuilder builder, String variable, Path program) {
    if (Files.isExecutable(program)) {
      builder.environment().put(variable, program.toString());
    }
  }

  private void readLog() {
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        log.append(line).append('\n');
        Matcher found = ADDRESS.matcher(line);
        if (found.find()) {
          address.complete(URI.create(found.group(1)));
        }
      }
      address.completeExceptionally(new IOException("it ended"));
    } catch (IOException e) {
      address.completeExceptionally(e);
    }
  }

  /** The address, with the key, to which a client of a dialect connects. */
  String socketUrl(String dialect) throws IOException {
    return url() + "/?apiKey=" + key() + "&dialect=" + dialect;
  }

  /** All that it said so far, on both outputs. */
  String log() {
    return log.toString();
  }

  /** The address. */
  String url() {
    return address.join().toString();
  }

  /** The key that it made. */
  String key() throws IOException {
    return Files.readString(data.resolve("api-key")).strip();
  }

  /** A GET that must succeed. */
  JsonNode get(String path) throws IOException, InterruptedException {
    return json(call("GET", path, null), path);
  }

  /** A POST that must succeed. */
  JsonNode post(String path, Object body) throws IOException, InterruptedException {
    return json(call("POST", path, body), path);
  }

  /** A reply that must be a success. */
  static JsonNode json(HttpResponse<byte[]> reply, String path) throws IOException {
    assertThat(reply.statusCode())
        .as("%s: %s", path, new String(reply.body(), StandardCharsets.UTF_8))
        .isBetween(200, 299);
    return JSON.readTree(reply.body());
  }

  /** A request with the key, and whatever comes back. */
  HttpResponse<byte[]> call(String method, String path, @Nullable Object body)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(address.join().resolve(path))
            .timeout(PATIENCE)
            .header("Authorization", "Bearer " + key())
            .header("Content-Type", "application/json")
            .method(
                method,
                body == null
                    ? BodyPublishers.noBody()
                    : BodyPublishers.ofByteArray(JSON.writeValueAsBytes(body)));
    return http.send(request.build(), BodyHandlers.ofByteArray());
  }

  /** A new session of the real Claude Code; its id. */
  String createSession() throws IOException, InterruptedException {
    return createSession("claude-agent-sdk");
  }

  /** A new session of a real agent program; its id. */
  String createSession(String architecture) throws IOException, InterruptedException {
    return createSession(architecture, "default");
  }

  /** A new session of a real agent program with a profile; its id. */
  String createSession(String architecture, String profile)
      throws IOException, InterruptedException {
    return post("/api/sessions", Map.of("agentProfileRef", profile, "architecture", architecture))
        .get("sessionId")
        .asText();
  }

  /** A file of a session's workspace as it is stored. */
  byte[] file(String session, String path) throws IOException, InterruptedException {
    HttpResponse<byte[]> reply = call("GET", "/sessions/" + session + "/file?path=" + path, null);
    assertThat(reply.statusCode()).isEqualTo(200);
    return reply.body();
  }

  /** Sends a message, a text or a list of parts; its id. */
  String send(String session, Object content) throws IOException, InterruptedException {
    return post("/api/sessions/" + session + "/messages", Map.of("content", content))
        .get("messageId")
        .asText();
  }

  private static SandboxProvider provider(String id) {
    return ServiceLoader.load(SandboxProvider.class).stream()
        .map(ServiceLoader.Provider::get)
        .filter(provider -> provider.id().equals(id))
        .findFirst()
        .orElseThrow();
  }

  private void openSandboxes(Map<String, String> environment)
      throws IOException, InterruptedException {
    Map<String, Secret> secrets = new HashMap<>();
    for (String name : List.of("MODAL_TOKEN_ID", "MODAL_TOKEN_SECRET")) {
      Optional.ofNullable(environment.get(name))
          .map(Secret::of)
          .ifPresent(s -> secrets.put(name, s));
    }
    Map<String, String> settings =
        switch (sandboxes.id()) {
          case "docker" -> Map.of("host", environment.getOrDefault("DOCKER_HOST", ""));
          case "modal" -> Map.of("server-url", environment.getOrDefault("MODAL_SERVER_URL", ""));
          default -> Map.of();
        };
    sandboxes.open(
        new TestProviderContext(
            Files.readString(data.resolve("runtime-id")).strip(),
            data.resolve("sandbox").resolve(sandboxes.id()),
            InstantSource.system(),
            settings,
            secrets));
  }

  /** The sandboxes of this server as their provider knows them, whatever the server thinks. */
  List<SandboxListing> sandboxes() throws InterruptedException {
    return sandboxes.list();
  }

  /** The sandboxes of a session. */
  List<String> sandboxesOf(String session) throws InterruptedException {
    return sandboxes().stream()
        .filter(listing -> session.equals(listing.labels().get("session")))
        .map(SandboxListing::id)
        .toList();
  }

  /** SIGTERM. */
  void terminate() {
    process.destroy();
  }

  /** Any signal, such as {@code STOP}. */
  void signal(String name) throws IOException, InterruptedException {
    Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start();
    assertThat(kill.waitFor()).isZero();
  }

  /** SIGKILL; returns when it is dead. Its sandboxes live on. */
  void kill() throws InterruptedException {
    killed = true;
    process.destroyForcibly().waitFor();
    sandboxes.close();
  }

  /** SIGTERM to a server that leaves its sandboxes; returns when it has ended. */
  void detach() throws InterruptedException {
    killed = true;
    process.destroy();
    assertThat(awaitExit()).as("the exit code; the server said: %s", log()).isZero();
    sandboxes.close();
  }

  /** Its exit code, once it has ended. */
  int awaitExit() throws InterruptedException {
    assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS))
        .as("the server ends; it said: %s", log())
        .isTrue();
    return process.exitValue();
  }

  /** Ends it, which must leave nothing behind, unless it was killed. */
  @Override
  public void close() throws InterruptedException {
    http.shutdownNow();
    if (killed) {
      return;
    }
    process.destroy();
    try {
      assertThat(awaitExit()).as("the exit code; the server said: %s", log()).isZero();
      assertThat(sandboxes()).as("sandboxes left behind").isEmpty();
    } finally {
      process.destroyForcibly();
      sandboxes.close();
    }
  }
}
