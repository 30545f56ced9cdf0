// SPDX-License-Identifier: MIT

package io.agentruntime.model.workspace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentruntime.error.AgentRuntimeException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.Chars;
import org.junit.jupiter.api.Test;

final class WorkspacePathTest {
  @Test
  void relativePathsOfAllAlphabetsAreAccepted() {
    for (String path :
        List.of(
            "a",
            "a/b",
            "...",
            "..a",
            "a..",
            ".git",
            "a b",
            "ünï/\uD83D\uDE80",
            "a\\b",
            "C:",
            "a\nb",
            "x".repeat(4096))) {
      assertThat(new WorkspacePath(path)).hasToString(path);
    }
  }

  @Test
  void whatLeavesTheWorkspaceOrHasTwoSpellingsIsRefused() {
    for (String path :
        List.of(
            "",
            "/",
            "/a",
            "a/",
            "a//b",
            ".",
            "..",
            "./a",
            "a/.",
            "../a",
            "a/../b",
            "a/..",
            "a\0b",
            "x".repeat(4097))) {
      assertThatThrownBy(() -> new WorkspacePath(path))
          .as(path)
          .isInstanceOf(AgentRuntimeException.class);
    }
  }

  @Property
  void anAcceptedPathStaysInTheWorkspaceAndIsAlreadyNormal(
      @ForAll @Chars({'.', '/', '\\', ' '}) @CharRange(from = 'a', to = 'c') String path) {
    try {
      WorkspacePath accepted = new WorkspacePath(path);
      Path root = Path.of("/workspace");
      Path resolved = root.resolve(accepted.value());
      assertThat(resolved.normalize()).isEqualTo(resolved);
      assertThat(resolved.startsWith(root)).isTrue();
      assertThat(resolved).isNotEqualTo(root);
    } catch (AgentRuntimeException refused) {
      assertThat(isOrdinary(path)).isFalse();
    }
  }

  /** Whether a path is relative and has one spelling only. */
  private static boolean isOrdinary(String path) {
    try {
      Path parsed = Path.of(path);
      return !path.isEmpty()
          && !parsed.isAbsolute()
          && parsed.normalize().equals(parsed)
          && parsed.toString().equals(path)
          && !parsed.startsWith("..");
    } catch (InvalidPathException e) {
      return false;
    }
  }

  @Test
  void pathsAreOrderedByTheirText() {
    assertThat(new WorkspacePath("a")).isLessThan(new WorkspacePath("a/b"));
    assertThat(new WorkspacePath("B")).isLessThan(new WorkspacePath("a"));
  }
}
