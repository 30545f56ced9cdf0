// SPDX-License-Identifier: MIT

package io.agentruntime.sandbox.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.dockerjava.api.DockerClient;
import io.agentruntime.error.StandardError;
import io.agentruntime.spi.sandbox.Sandbox;
import io.agentruntime.spi.sandbox.SandboxListing;
import io.agentruntime.spi.sandbox.SandboxSpec;
import io.agentruntime.testkit.requirement.RequiresDocker;
import io.agentruntime.testkit.requirement.TestMachine;
import io.agentruntime.testkit.sandbox.SandboxBench;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Containers that are not this runtime's are neither shown nor touched. */
@RequiresDocker
@Timeout(300)
class OwnershipIT {
  @TempDir Path folder;
  private final List<String> foreign = new ArrayList<>();
  private TestDocker docker;
  private DockerClient client;

  @BeforeEach
  void open() {
    docker = new TestDocker(folder);
    client = docker.client();
  }

  @AfterEach
  void close() throws Exception {
    foreign.forEach(id -> client.removeContainerCmd(id).withForce(true).exec());
    docker.close();
  }

  @Test
  void aForeignContainerOfTheSameNameIsLeftAlone() throws Exception {
    DockerSandboxProvider provider = docker.provider(Map.of());
    String sandbox = SandboxBench.unique("taken");
    String name = new Labels(docker.runtimeId()).containerName(sandbox);
    String id = start(name, Map.of("somebody", "else"));

    assertThatThrownBy(() -> provider.create(SandboxSpec.named(sandbox)))
        .hasMessageContaining(name)
        .hasMessageContaining("not this runtime's");

    assertThat(isRunning(id)).isTrue();
    assertThat(provider.list()).isEmpty();
    SandboxBench.assertRefused(StandardError.SANDBOX_LOST, () -> provider.attach(id));
  }

  @Test
  void aContainerThatOnlyInheritedOurLabelsIsLeftAlone() throws Exception {
    DockerSandboxProvider provider = docker.provider(Map.of());
    Sandbox sandbox = TestDocker.create(provider);
    Map<String, String> inherited =
        client.inspectContainerCmd(sandbox.id()).exec().getConfig().getLabels();
    String id = start(SandboxBench.unique("copy"), inherited);

    assertThat(provider.list()).extracting(SandboxListing::id).containsExactly(sandbox.id());
    SandboxBench.assertRefused(StandardError.SANDBOX_LOST, () -> provider.attach(id));
  }

  @Test
  void aSandboxIsAttachedByItsWholeIdOnly() throws Exception {
    DockerSandboxProvider provider = docker.provider(Map.of());
    Sandbox sandbox = TestDocker.create(provider);
    String name = client.inspectContainerCmd(sandbox.id()).exec().getName().substring(1);

    assertThat(provider.attach(sandbox.id()).id()).isEqualTo(sandbox.id());
    for (String other : List.of(sandbox.id().substring(0, 12), name)) {
      SandboxBench.assertRefused(StandardError.SANDBOX_LOST, () -> provider.attach(other));
    }
  }

  @Test
  void aContainerThatEndedIsListedAsNotRunningAndCannotBeAttached() throws Exception {
    DockerSandboxProvider provider = docker.provider(Map.of());
    Sandbox sandbox = TestDocker.create(provider);
    client.killContainerCmd(sandbox.id()).exec();
    SandboxBench.await("its end is noticed", () -> !sandbox.isAlive());

    assertThat(provider.list()).singleElement().matches(listing -> !listing.running());
    SandboxBench.assertRefused(StandardError.SANDBOX_LOST, () -> provider.attach(sandbox.id()));
    SandboxBench.assertRefused(StandardError.SANDBOX_LOST, () -> TestDocker.start(sandbox, "true"));
    sandbox.terminate();
    assertThat(provider.list()).isEmpty();
  }

  @Test
  void whatRunsNoMoreAndWhatNeverRanIsEndedByItsId() throws Exception {
    DockerSandboxProvider provider = docker.provider(Map.of());
    Sandbox ended = TestDocker.create(provider);
    client.killContainerCmd(ended.id()).exec();
    String name = SandboxBench.unique("never-started");
    Labels labels = new Labels(docker.runtimeId());
    String neverStarted = create(labels.containerName(name), labels.of(name, Map.of()));
    assertThat(provider.list())
        .extracting(SandboxListing::id)
        .containsExactlyInAnyOrder(ended.id(), neverStarted);

    for (SandboxListing listing : provider.list()) {
      provider.terminate(listing.id());
      provider.terminate(listing.id());
    }

    assertThat(provider.list()).isEmpty();
    foreign.clear();
  }

  @Test
  void aForeignContainerIsNotEnded() throws Exception {
    DockerSandboxProvider provider = docker.provider(Map.of());
    String id = start(SandboxBench.unique("foreign"), Map.of("somebody", "else"));

    provider.terminate(id);

    assertThat(isRunning(id)).isTrue();
  }

  private String start(String name, Map<String, String> labels) {
    String id = create(name, labels);
    client.startContainerCmd(id).exec();
    return id;
  }

  private String create(String name, Map<String, String> labels) {
    String id =
        client
            .createContainerCmd(TestMachine.sandboxImage())
            .withName(name)
            .withLabels(labels)
            .withCmd("sleep", "infinity")
            .exec()
            .getId();
    foreign.add(id);
    return id;
  }

  private boolean isRunning(String id) {
    return Boolean.TRUE.equals(client.inspectContainerCmd(id).exec().getState().getRunning());
  }
}
