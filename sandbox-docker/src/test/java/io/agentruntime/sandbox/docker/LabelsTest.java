// SPDX-License-Identifier: MIT

package io.agentruntime.sandbox.docker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LabelsTest {
  private final Labels labels = new Labels("runtime-1");

  @Test
  void aContainerIsOursByItsLabelsAndItsName() {
    Map<String, String> all = labels.of("s:1", Map.of("session", "a"));

    assertThat(labels.sandboxName("/" + labels.containerName("s:1"), all)).isEqualTo("s:1");
    assertThat(Labels.fromSpec(all)).isEqualTo(Map.of("session", "a"));
  }

  @Test
  void aContainerOfAnotherRuntimeIsNotOurs() {
    Labels others = new Labels("runtime-2");
    Map<String, String> all = others.of("s:1", Map.of());

    assertThat(labels.sandboxName(others.containerName("s:1"), all)).isNull();
  }

  @Test
  void aContainerThatSomebodyStartedFromASnapshotIsNotOurs() {
    Map<String, String> inherited = labels.of("s:1", Map.of());

    assertThat(labels.sandboxName("/dreamy_hopper", inherited)).isNull();
  }

  @Test
  void labelsInheritedFromASnapshotDoNotCount() {
    Map<String, String> all =
        new HashMap<>(labels.of("s:1", Map.of("session", "old", "gone", "x")));
    all.putAll(labels.of("s:2", Map.of("session", "new")));

    assertThat(Labels.fromSpec(all)).isEqualTo(Map.of("session", "new"));
  }

  @Test
  void differentSandboxesHaveDifferentContainersWhateverTheirNames() {
    assertThat(labels.containerName("a:b"))
        .isNotEqualTo(labels.containerName("a-b"))
        .matches("[a-zA-Z0-9][a-zA-Z0-9_.-]+");
    assertThat(labels.containerName("x".repeat(200))).hasSizeLessThan(120);
  }
}
