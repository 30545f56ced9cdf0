// SPDX-License-Identifier: MIT

package io.agentruntime.sandbox.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.NotFoundException;
import io.agentruntime.error.StandardError;
import io.agentruntime.spi.sandbox.FileUpload;
import io.agentruntime.spi.sandbox.Sandbox;
import io.agentruntime.testkit.requirement.RequiresDocker;
import io.agentruntime.testkit.requirement.TestMachine;
import io.agentruntime.testkit.sandbox.SandboxBench;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The image of sandboxes: used, built, missed; and snapshots. */
@RequiresDocker
@Timeout(600)
class ImagesIT {
  private static final String BASE =
      Objects.requireNonNullElse(
          System.getenv("AGENT_RUNTIME_BASE_IMAGE"), "agent-runtime-base:local");

  @TempDir Path folder;
  private TestDocker docker;
  private DockerClient client;

  @BeforeEach
  void open() {
    docker = new TestDocker(folder);
    client = docker.client();
  }

  @AfterEach
  void close() throws Exception {
    docker.close();
  }

  @Test
  void aMissingImageIsBuiltOnceForAllWhoNeedIt() throws Exception {
    assumeTrue(isPresent(BASE), "There is no base image " + BASE);
    String image = SandboxBench.unique("agent-runtime-test") + ":built";
    DockerSettings settings =
        docker.settings(Map.of("image", image, "build", "auto", "base-image", BASE));
    // The others take minutes.
    Map<String, String> versions = new HashMap<>(ImageBuild.pinnedVersions());
    versions.replaceAll((name, version) -> name.equals("CLAUDE_VERSION") ? version : "");
    try (Engine engine = new Engine(settings)) {
      Images images = new Images(engine, settings, versions);
      Callable<String> require = () -> images.require(null);
      try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
        for (Future<String> found : threads.invokeAll(List.of(require, require))) {
          assertThat(found.get()).isEqualTo(image);
        }
      }
      Sandbox sandbox = docker.provider(Map.of()).create(TestDocker.ofImage(image));
      assertThat(TestDocker.output(sandbox, "claude --version"))
          .startsWith(versions.get("CLAUDE_VERSION"));
      assertThat(client.inspectImageCmd(image).exec().getConfig().getLabels())
          .containsEntry("io.agentruntime.image.claude", versions.get("CLAUDE_VERSION"));
    } finally {
      docker.removeSandboxes();
      removeIfPresent(image);
    }
  }

  @Test
  void aBuildTellsItsStepsAndWhyItFails() throws Exception {
    Map<String, String> settings =
        Map.of("image", "agent-runtime-test:never", "build", "auto", "base-image", "no-such/base");
    ConcurrentLinkedQueue<String> progress = new ConcurrentLinkedQueue<>();
    DockerSettings read = docker.settings(settings);
    try (Engine engine = new Engine(read)) {
      assertThatThrownBy(() -> new ImageBuild(engine, read, Map.of(), progress::add).run())
          .hasMessageContaining("agent-runtime-test:never")
          .hasMessageContaining("no-such/base")
          .hasMessageContaining("base-image");
    }
    assertThat(progress).anyMatch(line -> line.startsWith("Step "));
    DockerSandboxProvider provider = docker.provider(settings);
    SandboxBench.assertRefused(StandardError.SANDBOX_FAILED, () -> TestDocker.create(provider));
  }

  @Test
  void aMissingImageThatIsNotToBeBuiltIsAnErrorThatNamesIt() throws Exception {
    DockerSandboxProvider provider =
        docker.provider(Map.of("image", "nobody/has-this:1", "build", "never"));

    assertThatThrownBy(() -> TestDocker.create(provider))
        .hasMessageContaining("nobody/has-this:1")
        .hasMessageContaining(TestMachine.dockerHost().toString());
    assertThatThrownBy(() -> provider.create(TestDocker.ofImage("nobody/has-that:2")))
        .hasMessageContaining("nobody/has-that:2");
    assertThat(provider.list()).isEmpty();
  }

  @Test
  void aPlainImageIsGivenTheFoldersItLacks() throws Exception {
    assumeTrue(isPresent(BASE), "There is no base image " + BASE);
    Sandbox sandbox = docker.provider(Map.of()).create(TestDocker.ofImage(BASE));
    String file = sandbox.paths().workspace() + "/file";

    sandbox.writeFiles(List.of(FileUpload.text(file, 0644, "text")));

    assertThat(TestDocker.output(sandbox, "cat file; stat -c ' %u %a' . /home/agent; id -u"))
        .isEqualTo("text 1000 755\n 1000 755\n1000");
  }

  @Test
  void aPlainImageWithAReadOnlyRootIsRefusedWithTheReason() throws Exception {
    assumeTrue(isPresent(BASE), "There is no base image " + BASE);
    DockerSandboxProvider provider = docker.provider(Map.of("read-only", "true"));

    assertThatThrownBy(() -> provider.create(TestDocker.ofImage(BASE)))
        .hasMessageContaining("/workspace")
        .hasMessageContaining(BASE);
    assertThat(provider.list()).isEmpty();
  }

  @Test
  void aSnapshotHasFilesButNeitherSecretsNorTheOriginalsLabels() throws Exception {
    DockerSandboxProvider provider = docker.provider(Map.of());
    Sandbox original = TestDocker.create(provider);
    TestDocker.output(original, "echo kept >file; ln -s file link; chmod 700 file");
    String image = original.snapshot("of: a test/" + SandboxBench.unique("x"));
    try {
      assertThat(isPresent(image)).isTrue();
      Sandbox copy = provider.create(TestDocker.ofImage(image));

      assertThat(TestDocker.output(copy, "cat link; stat -c %a file; ls /run/agent-runtime/spool"))
          .startsWith("kept\n700")
          .doesNotContain("environment");
      assertThat(provider.list()).hasSize(2).allMatch(listing -> listing.labels().isEmpty());
    } finally {
      docker.removeSandboxes();
      removeIfPresent(image);
    }
  }

  @Test
  void namesOfSnapshotsOfAnyShapeAreTagsThatDiffer() {
    assertThat(Snapshots.tag("session-1.2_x")).isEqualTo("session-1.2_x");
    assertThat(List.of("a/b", "a:b", "a-b", "", "é", "x".repeat(300)))
        .extracting(Snapshots::tag)
        .doesNotHaveDuplicates()
        .allMatch(tag -> tag.matches("[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}"));
  }

  private void removeIfPresent(String image) {
    if (isPresent(image)) {
      client.removeImageCmd(image).withForce(true).exec();
    }
  }

  private boolean isPresent(String image) {
    try {
      client.inspectImageCmd(image).exec();
      return true;
    } catch (NotFoundException e) {
      return false;
    }
  }
}
