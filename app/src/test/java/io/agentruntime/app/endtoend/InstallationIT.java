// SPDX-License-Identifier: MIT

package io.agentruntime.app.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentruntime.testkit.requirement.RequiresClaude;
import io.agentruntime.testkit.requirement.TestMachine;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What an operator gets: the archive, unpacked somewhere, with nothing of the checkout around it.
 */
@RequiresClaude
class InstallationIT {
  private static final long PATIENCE_SECONDS = 120;
  private static final Pattern ADDRESS = Pattern.compile("Listening on (http://\\S+)");

  @TempDir Path temporary;

  private Path folder;
  private Path installation;

  @BeforeEach
  void unpack() throws Exception {
    folder = Files.createDirectory(temporary.resolve("operator"));
    Path archive;
    try (Stream<Path> built = Files.list(Path.of("target"))) {
      archive = built.filter(file -> file.toString().endsWith(".tar.gz")).findFirst().orElseThrow();
    }
    run(List.of("tar", "-xzf", archive.toAbsolutePath().toString(), "-C", folder.toString()));
    try (Stream<Path> unpacked = Files.list(folder)) {
      installation = unpacked.findFirst().orElseThrow();
    }
  }

  @Test
  void itChecksShowsATurnStartsAndStops() throws Exception {
    assertThat(launch("--version").said()).startsWith("agent-runtime 0.");

    Ended doctor = launch("doctor", "--sandbox", "local", "--model", "scripted", "--port", "0");
    assertThat(doctor.said())
        .contains("its program is in sandboxes of local")
        .contains("Nothing is in the way of a start.");
    assertThat(doctor.exit()).isZero();

    Ended demo = launch("demo", "--sandbox", "local");
    assertThat(demo.said()).contains("tool result").contains("turn").contains("completed");
    assertThat(demo.exit()).isZero();

    try (Server server = start("--sandbox", "local", "--model", "scripted")) {
      assertThat(server.get("/providers"))
          .contains("\"jar\":\"sandbox-local-")
          .contains("\"jar\":\"architecture-gemini-")
          .contains("\"id\":\"jdbc\"");
      assertThat(server.stop()).isZero();
      assertThat(server.said())
          .containsPattern("sandbox provider local 0\\S+, from sandbox-local-\\S+\\.jar: .*WATCH");
    }
  }

  @Test
  void withFewerProvidersItRunsAndAMissingOneIsNamed() throws Exception {
    keepProviders(
        Set.of(
            "persistence-memory", "sandbox-local", "architecture-claude", "architecture-gemini"));

    try (Server server = start("--sandbox", "local", "--persistence", "memory")) {
      assertThat(server.get("/providers"))
          .doesNotContain("docker")
          .contains("claude")
          .contains("\"id\":\"gemini-cli\"")
          // Gemini speaks the protocol of the provider that was removed.
          .doesNotContain("\"id\":\"acp\"");
    }
    Ended withoutStore = launch("--sandbox", "local", "--port", "0");
    assertThat(withoutStore.exit()).isEqualTo(78);
    assertThat(withoutStore.said()).contains("persistence-jdbc");

    keepProviders(Set.of("persistence-memory", "architecture-claude"));
    Ended withoutSandbox = launch("--sandbox", "local", "--persistence", "memory", "--port", "0");
    assertThat(withoutSandbox.exit()).isEqualTo(78);
    assertThat(withoutSandbox.said()).contains("sandbox-local");
  }

  @Test
  void afterPreparingItStartsQuietlyAlsoWhenItWasMovedOrExtended() throws Exception {
    Ended prepared = launch("prepare");
    assertThat(prepared.exit()).as(prepared.said()).isZero();
    assertQuietStart();

    Path further = Files.createDirectories(installation.resolve(".runtime/providers"));
    Files.copy(installation.resolve("lib").resolve(anyJar()), further.resolve("another.jar"));
    assertThat(startAndStop()).doesNotContain("[warning]").containsPattern("WARN.*another\\.jar");
    Files.delete(further.resolve("another.jar"));

    Path moved = folder.resolve("moved to elsewhere");
    Files.move(installation, moved);
    installation = moved;
    assertQuietStart();
  }

  private void assertQuietStart() throws Exception {
    assertThat(startAndStop()).doesNotContain("WARN").doesNotContain("[warning]");
  }

  /** What a server says from its start to its end, which is nothing of caches. */
  private String startAndStop() throws Exception {
    try (Server server = start("--sandbox", "local")) {
      assertThat(server.get("/health")).contains("ok");
      assertThat(server.stop()).isZero();
      assertThat(server.said()).doesNotContainIgnoringCase("aot");
      return server.said();
    }
  }

  private Path anyJar() throws IOException {
    try (Stream<Path> jars = Files.list(installation.resolve("lib"))) {
      return jars.filter(jar -> jar.getFileName().toString().startsWith("snakeyaml"))
          .findFirst()
          .orElseThrow()
          .getFileName();
    }
  }

  private void keepProviders(Set<String> kept) throws Exception {
    List<Path> all;
    try (Stream<Path> folders = Files.list(installation.resolve("providers"))) {
      all = folders.toList();
    }
    for (Path provider : all) {
      if (!kept.contains(provider.getFileName().toString())) {
        run(List.of("rm", "-r", provider.toString()));
      }
    }
  }

  /** How a program ended. */
  private record Ended(int exit, String said) {}

  private Ended launch(String... arguments) throws Exception {
    return run(command(arguments));
  }

  private List<String> command(String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(installation.resolve("bin/agent-runtime").toString());
    command.addAll(List.of(arguments));
    return command;
  }

  private ProcessBuilder process(List<String> command) {
    ProcessBuilder builder =
        new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
    String path = builder.environment().get("PATH");
    builder.environment().clear();
    // Of the machine's environment only where programs are: whatever java is first there.
    builder.environment().put("PATH", path);
    builder.environment().put("HOME", folder.toString());
    builder.environment().put("AGENT_RUNTIME_CLAUDE", TestMachine.claude().toString());
    // Not used here, and not downloaded.
    builder.environment().put("AGENT_RUNTIME_GEMINI", folder.resolve("gemini").toString());
    builder.environment().put("AGENT_RUNTIME_OPENCODE", folder.resolve("opencode").toString());
    return builder;
  }

  private Ended run(List<String> command) throws Exception {
    Path out = Files.createTempFile("installation", ".out");
    Process process = process(command).redirectOutput(out.toFile()).start();
    try {
      assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS))
          .as("%s ends", command)
          .isTrue();
      return new Ended(process.exitValue(), Files.readString(out));
    } finally {
      process.destroyForcibly();
      Files.delete(out);
    }
  }

  private Server start(String... arguments) throws Exception {
    List<String> command = command(arguments);
    command.addAll(List.of("--port", "0"));
    Process process = process(command).start();
    BufferedReader lines = process.inputReader(StandardCharsets.UTF_8);
    StringBuilder said = new StringBuilder();
    String line;
    while ((line = lines.readLine()) != null) {
      said.append(line).append('\n');
      Matcher address = ADDRESS.matcher(line);
      if (address.find()) {
        return new Server(process, lines, said, URI.create(address.group(1)));
      }
    }
    throw new AssertionError("the server did not start: " + said);
  }

  /** A running server of the installation. */
  private final class Server implements AutoCloseable {
    private final Process process;
    private final BufferedReader lines;
    private final StringBuilder said;
    private final URI address;

    Server(Process process, BufferedReader lines, StringBuilder said, URI address) {
      this.process = process;
      this.lines = lines;
      this.said = said;
      this.address = address;
    }

    String get(String path) throws Exception {
      String key = Files.readString(installation.resolve(".runtime/data/api-key")).strip();
      try (HttpClient client = HttpClient.newHttpClient()) {
        return client
            .send(
                HttpRequest.newBuilder(address.resolve(path))
                    .header("Authorization", "Bearer " + key)
                    .build(),
                BodyHandlers.ofString())
            .body();
      }
    }

    int stop() throws Exception {
      // Not by the process itself: that would close what it still has to say.
      process.toHandle().destroy();
      String line;
      while ((line = lines.readLine()) != null) {
        said.append(line).append('\n');
      }
      assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
      return process.exitValue();
    }

    String said() {
      return said.toString();
    }

    @Override
    public void close() {
      process.destroyForcibly();
    }
  }
}
