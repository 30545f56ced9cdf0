package io.agentruntime.examples;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A server that was started from the archive, as an operator has it; closed by the test. */
final class Installation implements AutoCloseable {
  private static final long PATIENCE_SECONDS = 120;
  private static final Pattern ADDRESS = Pattern.compile("Listening on (http://\\S+)");
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path home;
  private final Process process;
  private final StringBuffer said = new StringBuffer();
  private final CompletableFuture<URI> address = new CompletableFuture<>();
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private Installation(Path home, Process process) {
    this.home = home;
    this.process = process;
  }

  /** Unpacks the archive; what comes back is its folder. */
  static Path unpack(Path into) throws Exception {
    Path archive = only(Path.of("../app/target"), "agent-runtime-.*\\.tar\\.gz");
    Files.createDirectories(into);
    Process tar =
        new ProcessBuilder(
                "tar", "-xzf", archive.toAbsolutePath().toString(), "-C", into.toString())
            .inheritIO()
            .start();
    assertThat(tar.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
    assertThat(tar.exitValue()).isZero();
    return only(into, "agent-runtime-.*");
  }

  /** The one entry of a folder with such a name. */
  static Path only(Path folder, String name) throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      List<Path> found =
          entries.filter(entry -> entry.getFileName().toString().matches(name)).toList();
      assertThat(found).as("%s in %s", name, folder).hasSize(1);
      return found.getFirst();
    }
  }

  /** Starts the server; nothing of the build's environment but where programs are. */
  static Installation start(Path folder, Map<String, String> variables, List<String> arguments)
      throws Exception {
    Path home = folder.resolveSibling("home");
    List<String> command = new ArrayList<>(List.of(folder.resolve("bin/agent-runtime").toString()));
    command.addAll(arguments);
    command.addAll(List.of("--port", "0"));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().clear();
    builder.environment().put("PATH", System.getenv("PATH"));
    builder.environment().put("HOME", folder.getParent().toString());
    builder.environment().put("AGENT_RUNTIME_HOME", home.toString());
    builder.environment().put("AGENT_RUNTIME_JAVA_OPTS", "-Xmx512m -XX:TieredStopAtLevel=1");
    builder.environment().putAll(variables);
    Installation installation = new Installation(home, builder.start());
    Thread.ofVirtual().name("log-of-server").start(installation::listen);
    try {
      installation.address.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      return installation;
    } catch (Exception e) {
      installation.close();
      throw new AssertionError("the server does not start; it said:\n" + installation.said, e);
    }
  }

  private void listen() {
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        said.append(line).append('\n');
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

  /** What it logged so far. */
  String said() {
    return said.toString();
  }

  /** Sends a request; the answer must be 200 or 201. */
  JsonNode send(String method, String path, Object body) throws Exception {
    String key = Files.readString(home.resolve("data/api-key")).strip();
    HttpRequest request =
        HttpRequest.newBuilder(address.get().resolve(path))
            .header("Authorization", "Bearer " + key)
            .header("Content-Type", "application/json")
            .method(
                method,
                body == null
                    ? BodyPublishers.noBody()
                    : BodyPublishers.ofString(JSON.writeValueAsString(body)))
            .build();
    HttpResponse<String> response = http.send(request, BodyHandlers.ofString());
    assertThat(response.statusCode())
        .as("%s %s: %s\n%s", method, path, response.body(), said)
        .isIn(200, 201);
    return JSON.readTree(response.body());
  }

  /** Creates a session. */
  String create(Map<String, Object> session) throws Exception {
    return send("POST", "/sessions/create", session).path("sessionId").asText();
  }

  /** Sends a message, and waits for a block of the conversation. */
  JsonNode ask(String session, String message, Predicate<JsonNode> block) throws Exception {
    send("POST", "/sessions/" + session + "/message", Map.of("content", message));
    return await(session, block);
  }

  /** Waits for a block of the conversation. */
  JsonNode await(String session, Predicate<JsonNode> block) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (true) {
      JsonNode conversation = send("GET", "/sessions/" + session, null);
      for (JsonNode each : conversation.path("blocks")) {
        if (block.test(each)) {
          return each;
        }
      }
      if (System.nanoTime() > deadline) {
        throw new AssertionError("no such block in " + conversation + "\n" + said);
      }
      LockSupport.parkNanos(50_000_000);
    }
  }

  /** Whether a block is of a type and says something. */
  static Predicate<JsonNode> block(String type, String text) {
    return block -> block.path("type").asText().equals(type) && block.toString().contains(text);
  }

  @Override
  public void close() {
    // The launcher replaces itself by the server. Not by the process itself, which would close what
    // the server still has to say.
    process.toHandle().destroy();
    try {
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
    http.close();
  }
}
