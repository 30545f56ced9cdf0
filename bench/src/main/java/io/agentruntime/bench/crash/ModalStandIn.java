// SPDX-License-Identifier: MIT

package io.agentruntime.bench.crash;

import io.agentruntime.spi.Secret;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * The stand-in for Modal's cloud, as a process: it outlives servers, as the cloud does.
 * Thread-safe; whoever starts it closes it, which ends its sandboxes.
 */
final class ModalStandIn implements AutoCloseable {
  /** By name: only where tests are compiled, this class is there. */
  private static final String MAIN = "io.agentruntime.sandbox.modal.standin.StandInProcess";

  private static final String CONTROL = "STAND_IN_CONTROL";
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Process process;
  private final Map<String, String> said;
  private final Map<String, String> environment;
  private final HttpClient http = HttpClient.newHttpClient();

  private ModalStandIn(Process process, Map<String, String> said, Map<String, String> environment) {
    this.process = process;
    this.said = Map.copyOf(said);
    this.environment = Map.copyOf(environment);
  }

  /**
   * Starts it.
   *
   * @param folder an empty folder for its sandboxes
   * @param programs folders that all sandboxes see, with what an image would hold
   */
  static ModalStandIn start(Path folder, List<Path> programs) throws IOException {
    Files.createDirectories(folder);
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-Djava.io.tmpdir=" + folder,
                "-cp",
                System.getProperty("java.class.path"),
                MAIN));
    programs.forEach(program -> command.add(program.toString()));
    Process process =
        new ProcessBuilder(command)
            .redirectError(folder.resolveSibling("stand-in.log").toFile())
            .start();
    Map<String, String> said = new HashMap<>();
    BufferedReader lines = process.inputReader(StandardCharsets.UTF_8);
    for (String line = lines.readLine(); line != null && !line.isEmpty(); line = lines.readLine()) {
      String[] pair = line.split("=", 2);
      said.put(pair[0], pair[1]);
    }
    if (!said.containsKey(CONTROL)) {
      process.destroyForcibly();
      throw new IOException("no stand-in for Modal, see stand-in.log beside " + folder);
    }
    Map<String, String> server = new HashMap<>(said);
    server.remove(CONTROL);
    Path instructions =
        Files.writeString(
            folder.resolveSibling("Dockerfile"),
            programs.stream()
                .map(Path::toString)
                .collect(Collectors.joining(":", "ENV PATH=", ":/usr/local/bin:/usr/bin:/bin\n")));
    server.put("AGENT_RUNTIME_SANDBOX_MORTAL_DOCKERFILE", instructions.toString());
    return new ModalStandIn(process, said, server);
  }

  /** What a server needs to reach it, and to find programs in its sandboxes. */
  Map<String, String> environment() {
    return environment;
  }

  /** What a provider in this process needs to reach it. */
  Map<String, String> settings() {
    return Map.of("server-url", said("MODAL_SERVER_URL"));
  }

  /** The tokens for that. */
  Map<String, Secret> secrets() {
    return Map.of(
        "MODAL_TOKEN_ID", Secret.of(said("MODAL_TOKEN_ID")),
        "MODAL_TOKEN_SECRET", Secret.of(said("MODAL_TOKEN_SECRET")));
  }

  private String said(String name) {
    return said.getOrDefault(name, "");
  }

  /** Its process id. */
  long pid() {
    return process.pid();
  }

  /** Tells it something, such as {@code cut?call=TaskExecStdioRead&kind=RESET&after=100}. */
  String tell(String what) throws IOException, InterruptedException {
    URI url = URI.create(said(CONTROL) + what);
    HttpResponse<String> reply =
        http.send(HttpRequest.newBuilder(url).timeout(PATIENCE).build(), BodyHandlers.ofString());
    if (reply.statusCode() != 200) {
      throw new IOException(what + ": " + reply.body());
    }
    return reply.body();
  }

  @Override
  public void close() throws IOException, InterruptedException {
    http.shutdownNow();
    process.getOutputStream().close();
    if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
      process.destroyForcibly();
    }
  }
}
