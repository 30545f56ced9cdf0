package io.agentruntime.examples;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.agentruntime.testkit.requirement.RequiresClaude;
import io.agentruntime.testkit.requirement.TestMachine;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Jars of others in a fresh installation: the examples as their own builds left them, and broken
 * ones beside them. All is done with the launcher and over HTTP.
 */
@RequiresClaude
@Timeout(300)
final class DroppedProvidersIT {
  private static final Path PROJECTS = Path.of("target/projects");

  private static final List<String> EXAMPLES =
      List.of("sandbox-exec", "persistence-http", "architecture-shell");

  @TempDir Path temporary;

  private Path installation;
  private Process backEnd;
  private URI store;

  @BeforeEach
  void unpackAndStartTheStore() throws Exception {
    installation = Installation.unpack(temporary.resolve("operator"));
    Path project = PROJECTS.resolve("persistence-http/target").toAbsolutePath();
    backEnd =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Djava.io.tmpdir=" + temporary,
                "-cp",
                project.resolve("test-classes") + ":" + project.resolve("provider") + "/*",
                "com.example.persistencehttp.RestBackEnd")
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    BufferedReader lines = backEnd.inputReader();
    store = URI.create(lines.readLine());
  }

  @AfterEach
  void stopTheStore() throws Exception {
    backEnd.getOutputStream().close();
    assertThat(backEnd.waitFor()).isZero();
  }

  @Test
  void isolatedTheyAreListedAndUsedAndBrokenJarsCostOnlyThemselves() throws Exception {
    Path providers = installation.resolve("providers");
    for (String example : EXAMPLES) {
      copy(PROJECTS.resolve(example).resolve("target/provider"), providers.resolve(example));
      assertThat(providers.resolve(example).resolve("provider.properties")).exists();
    }
    // Not the versions of the server.
    assertThat(providers.resolve("persistence-http/jackson-databind-2.17.2.jar")).exists();
    assertThat(providers.resolve("persistence-http/micronaut-http-4.9.12.jar")).exists();
    BrokenJars.into(providers, temporary.resolve("broken"));

    try (Installation server = start(Map.of("AGENT_RUNTIME_PROVIDER_OPEN_TIMEOUT_MS", "15000"))) {
      assertListed(server);
      String listed = server.send("GET", "/providers", null).toString();
      for (List<String> reason : BrokenJars.reasons()) {
        assertThat(problemOf(server, reason.getFirst())).as(listed).contains(reason.getLast());
        assertThat(server.said()).contains(reason.getFirst());
      }
      assertUsed(server);
    }
  }

  @Test
  void flatTheyAreListedAndUsed() throws Exception {
    for (String example : EXAMPLES) {
      Path jar = jar(example);
      Files.copy(jar, installation.resolve("providers").resolve(jar.getFileName()));
    }
    try (Installation server = start(Map.of())) {
      assertListed(server);
      assertUsed(server);
    }
  }

  private Installation start(Map<String, String> more) throws Exception {
    // The shell agent follows no rules, and refuses the default profile, which has some.
    Files.writeString(installation.resolve("profiles/plain.yaml"), "id: plain\nname: Plain\n");
    Map<String, String> variables = new HashMap<>(more);
    variables.put("AGENT_RUNTIME_PERSISTENCE_HTTP_URL", store.toString());
    Path claude = TestMachine.claude().toAbsolutePath().getParent();
    String path = claude + ":/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin";
    variables.put("AGENT_RUNTIME_SANDBOX_EXEC_PATH", path);
    return Installation.start(
        installation,
        variables,
        List.of("--sandbox", "exec", "--persistence", "http", "--model", "scripted"));
  }

  private static void assertListed(Installation server) throws Exception {
    Map<String, JsonNode> found = new HashMap<>();
    for (JsonNode provider : server.send("GET", "/providers", null).path("providers")) {
      found.putIfAbsent(
          provider.path("kind").asText() + " " + provider.path("id").asText(), provider);
    }
    Map<String, String> jars =
        Map.of(
            "sandbox exec", "sandbox-exec-1.0.0.jar",
            "persistence http", "persistence-http-1.0.0.jar",
            "architecture shell", "architecture-shell-1.0.0.jar");
    jars.forEach(
        (provider, jar) -> {
          assertThat(found).containsKey(provider);
          JsonNode entry = found.get(provider);
          assertThat(entry.path("jar").asText()).isEqualTo(jar);
          assertThat(entry.path("version").asText()).isEqualTo("1.0.0");
          assertThat(entry.path("health").asText()).as(entry.toString()).isEqualTo("ok");
        });
    assertThat(found.get("persistence http").path("capabilities").toString()).contains("DURABLE");
  }

  private static String problemOf(Installation server, String jar) throws Exception {
    for (JsonNode provider : server.send("GET", "/providers", null).path("providers")) {
      if (provider.path("jar").asText().equals(jar)) {
        assertThat(provider.path("health").asText()).isIn("broken", "unused");
        return provider.path("problem").asText();
      }
    }
    throw new AssertionError(jar + " is not listed");
  }

  private void assertUsed(Installation server) throws Exception {
    // The server's default sandbox and the store, with a real agent.
    String real = server.create(session("claude-agent-sdk", null));
    server.ask(
        real,
        "[[text:Hello out of a folder]]",
        Installation.block("assistant_text", "Hello out of a folder"));
    // The agent, in the default sandbox and in another one.
    String shell = server.create(session("shell", null));
    server.ask(shell, "pwd; cat note", Installation.block("tool_result", "/of-"));
    server.ask(shell, "echo kept >note", Installation.block("assistant_text", "Command 2 ended"));
    String elsewhere = server.create(session("shell", "local"));
    JsonNode said = server.ask(elsewhere, "pwd", Installation.block("tool_result", "/workspace"));
    assertThat(said.toString()).doesNotContain("/of-");

    // Away, and back from the store: transcript and files.
    for (String session : List.of(real, shell)) {
      server.send("DELETE", "/sessions/" + session, null);
      assertThat(stored(session)).contains("\"transcript\":\"");
    }
    server.await(real, Installation.block("assistant_text", "Hello out of a folder"));
    JsonNode again = server.ask(shell, "cat note", Installation.block("tool_result", "kept"));
    assertThat(again.toString()).contains("kept");
    server.await(shell, Installation.block("assistant_text", "Command 3 ended"));
    server.send("DELETE", "/sessions/" + shell, null);
    server.send("DELETE", "/sessions/" + elsewhere, null);
  }

  private static Map<String, Object> session(String architecture, String sandbox) {
    Map<String, Object> session = new HashMap<>();
    session.put("agentProfileRef", "plain");
    session.put("architecture", architecture);
    if (sandbox != null) {
      session.put("sandbox", sandbox);
    }
    return session;
  }

  private String stored(String session) throws IOException, InterruptedException {
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client
          .send(
              HttpRequest.newBuilder(URI.create(store + "/sessions/" + session)).build(),
              BodyHandlers.ofString())
          .body();
    }
  }

  private static Path jar(String example) throws IOException {
    Path folder = PROJECTS.resolve(example).resolve("target/provider");
    return Installation.only(folder, example + "-[0-9.]+\\.jar");
  }

  private static void copy(Path from, Path to) throws IOException {
    Files.createDirectory(to);
    try (Stream<Path> files = Files.list(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(file.getFileName()));
      }
    }
  }
}
