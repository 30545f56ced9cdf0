// SPDX-License-Identifier: MIT

package io.agentruntime.bench.crash;

import io.agentruntime.app.Application;
import io.agentruntime.bench.crash.mortal.Doom;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.Writer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One server process, from its start to its death. Thread-safe. */
final class ServerLife implements AutoCloseable {
  private static final Pattern ADDRESS = Pattern.compile("Listening on (http://\\S+)");

  private static final Predicate<String> JAR = entry -> Files.isRegularFile(Path.of(entry));

  private final Process process;
  private final Path data;
  private final HttpClient http;
  private final CompletableFuture<URI> address = new CompletableFuture<>();
  private volatile long listeningAt;

  private ServerLife(Process process, Path data, HttpClient http) {
    this.process = process;
    this.data = data;
    this.http = http;
  }

  /**
   * Starts a process and returns at once.
   *
   * @param classPath of the server
   * @param archive where, if the class path has no folders, the first one to end in good order
   *     leaves its loaded classes, which makes the start of others quick
   * @param data its data directory
   * @param environment all of its variables
   * @param log where its output is added
   * @param http what clients use
   */
  static ServerLife start(
      String classPath,
      Path archive,
      Path data,
      Map<String, String> environment,
      Path log,
      HttpClient http)
      throws IOException {
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
                classPath,
                Application.class.getName(),
                "--port",
                "0",
                "--data-dir",
                data.toString()));
    if (Arrays.stream(classPath.split(File.pathSeparator)).allMatch(JAR)) {
      // Where there are folders, a JVM that is to leave an archive ends with an exit code of 1.
      command.addAll(
          1,
          List.of(
              "-XX:+AutoCreateSharedArchive",
              "-XX:SharedArchiveFile=" + archive,
              "-Xlog:cds=off,aot=off"));
    }
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().clear();
    builder.environment().putAll(environment);
    ServerLife life = new ServerLife(builder.start(), data, http);
    Thread.ofVirtual().name("log-of-server").start(() -> life.copyLog(log));
    return life;
  }

  private void copyLog(Path log) {
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8);
        Writer to =
            Files.newBufferedWriter(
                log,
                java.nio.file.StandardOpenOption.CREATE,
                java.nio.file.StandardOpenOption.APPEND)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        to.append(line).append('\n').flush();
        Matcher found = ADDRESS.matcher(line);
        if (found.find()) {
          listeningAt = System.nanoTime();
          address.complete(URI.create(found.group(1)));
        }
      }
      address.completeExceptionally(new IOException("the server ended"));
    } catch (IOException e) {
      address.completeExceptionally(e);
    }
  }

  /** Waits until it is healthy; false if it ends before, or never is. */
  boolean awaitHealthy(Duration patience) throws InterruptedException {
    try {
      URI health = address.get(patience.toMillis(), TimeUnit.MILLISECONDS).resolve("/health");
      return http.send(HttpRequest.newBuilder(health).build(), BodyHandlers.discarding())
              .statusCode()
          == 200;
    } catch (java.util.concurrent.ExecutionException | TimeoutException | IOException e) {
      return false;
    }
  }

  /** Where it listens; it must have come to that. */
  URI address() {
    return address.join();
  }

  /** When it began to listen, by the system's nanoseconds. */
  long listeningAt() {
    return listeningAt;
  }

  String key() throws IOException {
    return Files.readString(data.resolve("api-key")).strip();
  }

  HttpClient http() {
    return http;
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** Waits until it ends by itself; whether it did. */
  boolean awaitEnd(Duration patience) throws InterruptedException {
    return process.waitFor(patience.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** Whether it died where it was told to. */
  boolean diedAtItsPoint() {
    return process.exitValue() == Doom.EXIT;
  }

  int exitCode() {
    return process.exitValue();
  }

  /** SIGKILL; returns when it is dead. */
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  /** SIGTERM. */
  void terminate() {
    process.destroy();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
