// SPDX-License-Identifier: MIT

package io.agentruntime.sandbox.docker;

import com.github.dockerjava.api.DockerClient;
import io.agentruntime.spi.sandbox.SandboxProvider;
import io.agentruntime.testkit.requirement.RequiresDocker;
import io.agentruntime.testkit.requirement.TestMachine;
import io.agentruntime.testkit.sandbox.SandboxProviderContract;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;

/** The contract of sandbox providers, on the engine of this machine. */
@RequiresDocker
class DockerSandboxProviderIT extends SandboxProviderContract {
  private final List<DockerSandboxProvider> opened = new ArrayList<>();

  /** No sandbox uses them any more then. */
  @AfterAll
  static void removeSnapshots() {
    String mine = ":snapshot-" + ProcessHandle.current().pid() + "-";
    try (EngineConnections connections =
        new EngineConnections(
            new EngineAddress(TestMachine.dockerHost()), Duration.ofSeconds(30))) {
      DockerClient client = TestDocker.client(connections);
      client.listImagesCmd().exec().stream()
          .flatMap(image -> Stream.ofNullable(image.getRepoTags()).flatMap(Stream::of))
          .filter(tag -> tag.startsWith(Snapshots.REPOSITORY) && tag.contains(mine))
          .forEach(tag -> client.removeImageCmd(tag).exec());
    }
  }

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
