// SPDX-License-Identifier: MIT

package io.agentruntime.app.doctor;

import io.agentruntime.app.config.Configuration;
import io.agentruntime.app.config.ServerConfig;
import io.agentruntime.app.profile.ProfileFolder;
import io.agentruntime.app.wiring.LogOutput;
import io.agentruntime.app.wiring.RunningServer;
import io.agentruntime.core.provider.SecretSource;
import io.agentruntime.error.AgentRuntimeException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/**
 * Starts a server in a temporary folder, asks it something and stops it: the run from which the JVM
 * learns what a start needs. It touches neither the data of the installation nor a sandbox.
 */
public final class Rehearsal {
  private static final int OK = 200;

  private Rehearsal() {}

  /** Runs it; takes no arguments. */
  public static void main(String[] args) throws IOException, InterruptedException {
    LogOutput.configure(new ServerConfig.Logging("warn", false));
    Path folder = Files.createTempDirectory("agent-runtime-rehearsal");
    try {
      try {
        start(folder.resolve("durable"), "jdbc");
      } catch (AgentRuntimeException e) {
        // An installation may have been reduced to a store without a database.
        start(folder.resolve("fleeting"), "memory");
      }
    } finally {
      delete(folder);
    }
  }

  private static void start(Path folder, String persistence)
      throws IOException, InterruptedException {
    String key = "rehearsal";
    ServerConfig config =
        Configuration.read(
                List.of("--port=0", "--data-dir=" + folder, "--persistence=" + persistence),
                Map.of("AGENT_RUNTIME_API_KEY", key),
                new Properties())
            .orElseThrow();
    try (RunningServer server =
            RunningServer.start(
                config, SecretSource.of(Map.of()), ProfileFolder.of(config.profilesDirectory()));
        HttpClient client = HttpClient.newHttpClient()) {
      for (String path : List.of("/health", "/sessions", "/agent-profiles")) {
        URI address = server.address().resolve(path);
        HttpRequest request =
            HttpRequest.newBuilder(address).header("Authorization", "Bearer " + key).build();
        int status = client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
        if (status != OK) {
          throw new IOException(path + " answered " + status);
        }
      }
    }
  }

  private static void delete(Path folder) throws IOException {
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(
              Path visited, @org.jspecify.annotations.Nullable IOException failure)
              throws IOException {
            Files.delete(visited);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
