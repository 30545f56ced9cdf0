// SPDX-License-Identifier: MIT

package io.agentruntime.bench;

import io.agentruntime.app.config.Configuration;
import io.agentruntime.app.config.ServerConfig;
import io.agentruntime.app.profile.ProfileFolder;
import io.agentruntime.app.wiring.RunningServer;
import io.agentruntime.core.provider.SecretSource;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.Executors;
import java.util.function.Consumer;

/** The whole server in this JVM, with the real agent program in real sandboxes. */
final class AgentServer implements AutoCloseable {
  private static final String KEY = "bench-key-0123456789";

  private final RunningServer server;
  private final HttpClient http =
      HttpClient.newBuilder().executor(Executors.newVirtualThreadPerTaskExecutor()).build();

  private AgentServer(RunningServer server) {
    this.server = server;
  }

  /**
   * Starts it.
   *
   * @param sandbox which sandboxes
   * @param modelPort where the model listens on this host, on all addresses
   * @param folder for its data
   */
  static AgentServer start(String sandbox, int modelPort, Path folder) throws InterruptedException {
    Map<String, String> environment = new LinkedHashMap<>(System.getenv());
    environment.keySet().removeIf(name -> name.startsWith("ANTHROPIC_"));
    environment.put("AGENT_RUNTIME_PORT", "0");
    environment.put("AGENT_RUNTIME_SANDBOX", sandbox);
    environment.put("AGENT_RUNTIME_PERSISTENCE", "memory");
    environment.put("AGENT_RUNTIME_DATA_DIR", folder.toString());
    environment.put("AGENT_RUNTIME_API_KEY", KEY);
    environment.put("AGENT_RUNTIME_LOG_LEVEL", "warn");
    ServerConfig config =
        Configuration.read(List.of(), environment, new Properties()).orElseThrow();
    SecretSource secrets =
        SecretSource.of(
            Map.of(
                "ANTHROPIC_BASE_URL",
                "http://{sandbox-host}:" + modelPort,
                "ANTHROPIC_API_KEY",
                "sk-bench"));
    return new AgentServer(
        RunningServer.start(config, secrets, ProfileFolder.of(config.profilesDirectory())));
  }

  RestClient rest() {
    return new RestClient(http, server.address(), KEY);
  }

  SocketIoClient connect(Consumer<String> onEvent) throws Exception {
    return SocketIoClient.connect(http, server.address(), KEY, onEvent);
  }

  @Override
  public void close() {
    server.close();
    http.shutdownNow();
  }
}
