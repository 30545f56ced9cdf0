// SPDX-License-Identifier: MIT

package io.agentruntime.sandbox.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class LayoutTest {
  @Test
  void pathsAreBroughtToOneForm() {
    assertThat(Layout.normalize("//workspace/./a//b/")).isEqualTo("/workspace/a/b");
    assertThat(Layout.normalize("/")).isEqualTo("/");
    assertThat(Layout.normalize("/a/..b/c..")).isEqualTo("/a/..b/c..");
  }

  @Test
  void pathsThatCouldLeadAnywhereAreRefused() {
    assertThatThrownBy(() -> Layout.normalize("/workspace/../etc")).hasMessageContaining("..");
    assertThatThrownBy(() -> Layout.normalize("workspace")).hasMessageContaining("absolute");
    assertThatThrownBy(() -> Layout.normalize("/a\0b")).hasMessageContaining("absolute");
  }

  @Test
  void aFolderMayBeALinkWithinTheSameRootOnly() {
    assertThat(Layout.staysInside("/workspace/link/x", "/workspace/real/x")).isTrue();
    assertThat(Layout.staysInside("/workspace/link", "/etc")).isFalse();
    assertThat(Layout.staysInside("/workspace/link", "/home/agent")).isFalse();
    assertThat(Layout.staysInside("/workspace/link", "/workspace-of-others")).isFalse();
    assertThat(Layout.staysInside("/opt/tool", "/opt/tool")).isTrue();
    assertThat(Layout.staysInside("/bin", "/usr/bin")).isFalse();
  }

  @Test
  void theFoldersOfASandboxCannotBeReplaced() {
    assertThatThrownBy(() -> Layout.requireNotRoot("/workspace")).hasMessageContaining("below");
    assertThatThrownBy(() -> Layout.requireNotRoot("/home")).hasMessageContaining("below");
    assertThatThrownBy(() -> Layout.requireNotRoot("/")).hasMessageContaining("below");
    assertThat(Layout.requireNotRoot("/workspace/a")).isEqualTo("/workspace/a");
  }
}
