package io.agentruntime.sandbox.docker;

import io.agentruntime.spi.sandbox.SandboxProvider;
import io.agentruntime.testkit.requirement.RequiresDocker;
import io.agentruntime.testkit.sandbox.SandboxProviderContract;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The contract of sandbox providers, on the engine of this machine. */
@RequiresDocker
class DockerSandboxProviderIT extends SandboxProviderContract {
  private final List<DockerSandboxProvider> opened = new ArrayList<>();

  @Override
  protected SandboxProvider newProvider() {
    DockerSandboxProvider provider = new DockerSandboxProvider();
    opened.add(provider);
    return provider;
  }

  @Override
  protected Map<String, String> settings() {
    return TestDocker.SETTINGS;
  }

  @Override
  protected List<String> leftovers() {
    return opened.stream()
        .filter(provider -> provider.openConnections() > 0)
        .map(provider -> provider.openConnections() + " open connections")
        .toList();
  }
}
