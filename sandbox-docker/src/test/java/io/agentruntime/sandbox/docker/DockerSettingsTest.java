// SPDX-License-Identifier: MIT

package io.agentruntime.sandbox.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentruntime.testkit.DocsTable;
import io.agentruntime.testkit.TestProviderContext;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DockerSettingsTest {
  @TempDir Path folder;

  @Test
  void withoutSettingsASandboxIsLimitedAndKeptApartFromOthers() {
    DockerSettings settings = read(Map.of());

    assertThat(settings.address()).hasToString("unix:///var/run/docker.sock");
    assertThat(settings.image()).isEqualTo("agent-runtime-sandbox:local");
    assertThat(settings.memoryBytes()).isEqualTo(2L << 30);
    assertThat(settings.cpus()).isEqualTo(2.0);
    assertThat(settings.maxProcesses()).isEqualTo(512);
    assertThat(settings.network()).isEqualTo("isolated");
  }

  @Test
  void sizesAndDurationsHaveUnits() {
    DockerSettings settings =
        read(
            Map.of(
                "memory",
                "512m",
                "spool-size",
                "16384k",
                "connect-timeout",
                "500ms",
                "request-timeout",
                "2m"));

    assertThat(settings.memoryBytes()).isEqualTo(512L << 20);
    assertThat(settings.spoolBytes()).isEqualTo(16L << 20);
    assertThat(settings.connectTimeout()).isEqualTo(Duration.ofMillis(500));
    assertThat(settings.requestTimeout()).isEqualTo(Duration.ofMinutes(2));
  }

  @Test
  void theEnvironmentNamesHostAndBaseImageUnlessSettingsDo() {
    Map<String, String> environment =
        Map.of("DOCKER_HOST", "tcp://engine:2375", "AGENT_RUNTIME_BASE_IMAGE", "base:1");

    DockerSettings settings = DockerSettings.read(context(Map.of()), environment);
    assertThat(settings.address()).hasToString("tcp://engine:2375");
    assertThat(settings.baseImage()).isEqualTo("base:1");

    Map<String, String> own = Map.of("host", "unix:///run/my.sock", "base-image", "base:2");
    settings = DockerSettings.read(context(own), environment);
    assertThat(settings.address()).hasToString("unix:///run/my.sock");
    assertThat(settings.baseImage()).isEqualTo("base:2");
  }

  @Test
  void unknownSettingsAreRefusedByName() {
    assertThatThrownBy(() -> read(Map.of("memmory", "1g")))
        .hasMessageContaining("[memmory]")
        .hasMessageContaining("memory");
  }

  @ParameterizedTest
  @CsvSource({
    "memory, lots",
    "memory, 1",
    "memory, -1g",
    "memory, 99999999999g",
    "cpus, 0",
    "cpus, many",
    "max-processes, 3",
    "read-only, perhaps",
    "build, always",
    "network, host",
    "network, container:x",
    "spool-size, 2g",
    "connect-timeout, 5",
    "request-timeout, 0s",
    "host, ssh://somewhere",
    "host, https://somewhere:2376",
    "host, npipe:////./pipe/docker",
    "host, tcp://no-port",
    "host, '%'",
  })
  void aValueThatMakesNoSenseIsRefusedWithItsKey(String key, String value) {
    assertThatThrownBy(() -> read(Map.of(key, value)))
        .hasMessageContaining("Docker " + (key.equals("host") ? "host" : "setting " + key));
  }

  private DockerSettings read(Map<String, String> settings) {
    return DockerSettings.read(context(settings), Map.of());
  }

  private TestProviderContext context(Map<String, String> settings) {
    return TestProviderContext.in(folder, InstantSource.system()).with(settings);
  }

  @Test
  void theDocumentedSettingsAreThoseThatAreReadWithTheirDefaults() throws IOException {
    Map<String, String> documented =
        DocsTable.read("operators.md", "| setting `sandbox.docker.…` |");

    assertThat(documented).containsOnlyKeys(DockerSettings.KEYS.toArray(String[]::new));
    documented.forEach(
        (key, text) -> {
          // Other defaults are told in words.
          if (text.matches("`[^`]+`")) {
            assertThat(read(Map.of(key, text.replace("`", "")))).as(key).isEqualTo(read(Map.of()));
          }
        });
  }

  @Test
  void onlyTheAgentsOwnImageIsBuilt() {
    assertThat(read(Map.of()).build()).isTrue();
    assertThat(read(Map.of("image", DockerSettings.DEFAULT_IMAGE)).build()).isTrue();
    assertThat(read(Map.of("image", "mine:1")).build()).isFalse();
    assertThat(read(Map.of("image", "mine:1", "build", "auto")).build()).isTrue();
  }
}
