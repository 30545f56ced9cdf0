// SPDX-License-Identifier: MIT

package io.agentruntime.app;

import io.agentruntime.app.config.Configuration;
import io.agentruntime.app.config.ProviderFolders;
import io.agentruntime.app.config.ServerConfig;
import io.agentruntime.app.profile.ProfileFolder;
import io.agentruntime.app.wiring.LogOutput;
import io.agentruntime.app.wiring.RunningServer;
import io.agentruntime.app.wiring.Secrets;
import io.agentruntime.error.AgentRuntimeException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts the server and ends it in good order on SIGTERM or SIGINT.
 *
 * <p>Exit codes: 0 after a stop in good order, 1 when that failed or took too long, 78 when the
 * configuration is wrong.
 */
public final class Application {
  private static final int WRONG_CONFIGURATION = 78;
  private static final Duration MARGIN = Duration.ofSeconds(5);

  private Application() {}

  /** Starts the server with the given command line. */
  public static void main(String[] args) throws InterruptedException {
    try {
      Optional<ServerConfig> config = Configuration.read(List.of(args));
      if (config.isEmpty()) {
        System.out.print(Configuration.helpText());
        return;
      }
      run(config.get());
    } catch (AgentRuntimeException e) {
      System.err.println("agent-runtime: " + e.getMessage());
      System.exit(WRONG_CONFIGURATION);
    }
  }

  private static void run(ServerConfig config) throws InterruptedException {
    LogOutput.configure(config.logging());
    Logger log = LoggerFactory.getLogger(Application.class);
    // Beside the start, which it would hold up: it opens every jar.
    Thread oddities =
        Thread.ofVirtual()
            .name("provider-folders")
            .start(() -> ProviderFolders.of(System.getenv()).oddities().forEach(log::warn));
    RunningServer server =
        RunningServer.start(
            config, Secrets.from(System.getenv()), ProfileFolder.of(config.profilesDirectory()));
    Duration deadline = config.sessions().timing().shutdownTimeout().plus(MARGIN);
    Runtime.getRuntime()
        .addShutdownHook(
            Thread.ofPlatform().name("shutdown").unstarted(() -> stop(server, deadline)));
    oddities.join();
    new CountDownLatch(1).await();
  }

  /** Runs while the JVM ends, which would otherwise say that a signal ended it. */
  private static void stop(RunningServer server, Duration deadline) {
    Logger log = LoggerFactory.getLogger(Application.class);
    Thread closing =
        Thread.ofPlatform()
            .name("closing")
            .daemon()
            .unstarted(
                () -> {
                  server.close();
                  Runtime.getRuntime().halt(0);
                });
    closing.setUncaughtExceptionHandler(
        (thread, failure) -> log.error("the server did not stop in good order", failure));
    closing.start();
    try {
      if (!closing.join(deadline)) {
        log.error("the server did not stop within {} s", deadline.toSeconds());
      }
    } catch (InterruptedException e) {
      log.error("stopping was interrupted", e);
    }
    Runtime.getRuntime().halt(1);
  }
}
