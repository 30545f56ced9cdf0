// SPDX-License-Identifier: MIT

package io.agentruntime.bench;

import io.agentruntime.app.config.Configuration;
import io.agentruntime.app.config.ServerConfig;
import io.agentruntime.app.security.ApiKey;
import io.agentruntime.app.wiring.Server;
import io.agentruntime.core.AgentRuntime;
import io.agentruntime.core.profile.ProfileSource;
import io.agentruntime.core.provider.SecretSource;
import io.agentruntime.model.profile.AgentProfile;
import io.agentruntime.spi.Provider;
import io.agentruntime.spi.Secret;
import io.agentruntime.testkit.architecture.ScriptedArchitecture;
import io.agentruntime.testkit.sandbox.FakeSandboxProvider;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.Executors;
import java.util.function.Consumer;

/**
 * The real server in this JVM, on a free port, with sandboxes in memory and the {@link
 * StampingAgent}: what is measured is the runtime and the gateway, and no process.
 */
final class FakeBackedServer implements AutoCloseable {
  private static final String KEY = "bench-key-0123456789";

  private final FakeSandboxProvider sandboxes = new FakeSandboxProvider();
  private final AgentRuntime runtime;
  private final Server server;
  private final HttpClient http =
      HttpClient.newBuilder().executor(Executors.newVirtualThreadPerTaskExecutor()).build();

  private FakeBackedServer(
      Path folder, Map<String, String> settings, List<? extends Provider> further)
      throws InterruptedException {
    sandboxes.register(ScriptedArchitecture.PROGRAM, new StampingAgent());
    Map<String, String> environment = new LinkedHashMap<>();
    environment.put("AGENT_RUNTIME_PORT", "0");
    environment.put("AGENT_RUNTIME_SANDBOX", FakeSandboxProvider.ID);
    environment.put("AGENT_RUNTIME_DATA_DIR", folder.toString());
    environment.put("AGENT_RUNTIME_RATE_LIMIT_PER_SECOND", "0");
    environment.putAll(settings);
    ServerConfig config =
        Configuration.read(List.of(), environment, new Properties()).orElseThrow();
    List<Provider> providers = new ArrayList<>(further);
    providers.add(sandboxes);
    providers.add(new ScriptedArchitecture());
    runtime =
        AgentRuntime.start(
            config.runtime(
                SecretSource.of(Map.of("ANTHROPIC_API_KEY", "not-a-key")),
                ProfileSource.of(List.of(AgentProfile.named("default", "Default")))),
            providers);
    server = Server.start(config, ApiKey.of(Secret.of(KEY)), runtime);
  }

  /** Starts it with the store in memory. */
  static FakeBackedServer start(Path folder) throws InterruptedException {
    return start(folder, Map.of("AGENT_RUNTIME_PERSISTENCE", "memory"), List.of());
  }

  /** Starts it with further settings, as environment variables, and further providers. */
  static FakeBackedServer start(
      Path folder, Map<String, String> settings, List<? extends Provider> further)
      throws InterruptedException {
    return new FakeBackedServer(folder, settings, further);
  }

  AgentRuntime runtime() {
    return runtime;
  }

  RestClient rest() {
    return new RestClient(http, address(), KEY);
  }

  SocketIoClient connect(Consumer<String> onEvent) throws Exception {
    return SocketIoClient.connect(http, address(), KEY, onEvent);
  }

  private URI address() {
    return URI.create("http://127.0.0.1:" + server.port());
  }

  @Override
  public void close() {
    server.close();
    runtime.close();
    http.shutdownNow();
  }
}
