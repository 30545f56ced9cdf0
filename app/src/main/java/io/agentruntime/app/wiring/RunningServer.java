// SPDX-License-Identifier: MIT

package io.agentruntime.app.wiring;

import io.agentruntime.app.config.ServerConfig;
import io.agentruntime.app.security.ApiKey;
import io.agentruntime.app.security.ApiKeyFile;
import io.agentruntime.core.AgentRuntime;
import io.agentruntime.core.profile.ProfileSource;
import io.agentruntime.core.provider.SecretSource;
import io.agentruntime.spi.Secret;
import java.io.Console;
import java.net.URI;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A whole server: key, model, runtime, HTTP. Thread-safe; closing it is graceful and idempotent.
 *
 * <p>While it stops it still answers: {@code /health} says so and new work is refused; then the
 * sessions are synced and their sandboxes end; then the port is closed.
 */
public final class RunningServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RunningServer.class);

  private final AgentRuntime runtime;
  private final Server server;
  private final @Nullable ScriptedModelService model;
  private final StartReport report;

  private RunningServer(
      AgentRuntime runtime,
      Server server,
      @Nullable ScriptedModelService model,
      StartReport report) {
    this.runtime = runtime;
    this.server = server;
    this.model = model;
    this.report = report;
  }

  /**
   * Starts a server.
   *
   * @param config what it was told
   * @param secrets where secrets come from
   * @param profiles agent profiles beside those of the store
   * @throws io.agentruntime.error.AgentRuntimeException {@code CONFIGURATION}, naming what is wrong
   */
  public static RunningServer start(
      ServerConfig config, SecretSource secrets, ProfileSource profiles)
      throws InterruptedException {
    ApiKey key = key(config.apiKey());
    ScriptedModelService model =
        config.scriptedModel()
            ? ScriptedModelService.start(
                config.sessions().sandbox(), config.sessions().setting("sandbox.docker.network"))
            : null;
    AgentRuntime runtime = null;
    try {
      runtime =
          AgentRuntime.start(
              config.runtime(model == null ? secrets : model.before(secrets), profiles));
      Server server = Server.start(config, key, runtime);
      StartReport report = StartReport.of(config, server.address(), runtime, model != null);
      return new RunningServer(runtime, server, model, report);
    } catch (RuntimeException | InterruptedException e) {
      closeAfter(e, runtime);
      closeAfter(e, model);
      throw e;
    }
  }

  private static void closeAfter(Exception failure, @Nullable AutoCloseable opened) {
    if (opened != null) {
      try {
        opened.close();
      } catch (Exception e) {
        failure.addSuppressed(e);
      }
    }
  }

  /** The configured key, or that of the file, which is made when missing. */
  static ApiKey key(ServerConfig.ApiKeySource source) {
    if (source.value().isPresent()) {
      LOG.info("API key: as configured");
      return ApiKey.of(source.value().get());
    }
    ApiKeyFile.Loaded loaded = ApiKeyFile.loadOrCreate(source.file());
    LOG.info("API key: in {}{}", source.file(), loaded.created() ? " (new)" : "");
    if (loaded.othersMayRead()) {
      LOG.warn("{} can be read by others; run: chmod 600 {}", source.file(), source.file());
    }
    if (loaded.created()) {
      show(loaded.key());
    }
    return ApiKey.of(loaded.key());
  }

  /** Once, and only to a person: what is not a terminal is stored somewhere. */
  private static void show(Secret key) {
    Console console = System.console();
    if (console != null && console.isTerminal()) {
      console.printf("%n  API key: %s%n  (shown this once)%n%n", key.reveal());
    }
  }

  /** The address to call. */
  public URI address() {
    return server.address();
  }

  /** The runtime behind it. */
  public AgentRuntime runtime() {
    return runtime;
  }

  @Override
  public void close() {
    // Each part is closed even when the one before it failed.
    try (Server lastButOne = server;
        AutoCloseable last = model == null ? () -> {} : model) {
      report.close();
      runtime.drain();
      runtime.close();
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException("closing failed", e);
    }
  }
}
