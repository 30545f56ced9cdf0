// SPDX-License-Identifier: MIT

package io.agentruntime.model.workspace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ManifestTest {
  private static final ContentHash HASH = ContentHash.of(new byte[0]);

  private static WorkspaceFile file(String path) {
    return new WorkspaceFile(new WorkspacePath(path), FileKind.REGULAR, 0644, 0, HASH, null);
  }

  @Test
  void filesStandInTheOrderOfTheirPaths() {
    assertThat(new Manifest(List.of(file("b"), file("a/b"), file("a"))).files())
        .containsExactly(file("a"), file("a/b"), file("b"));
    assertThat(new Manifest(List.of(file("b"), file("a"))))
        .isEqualTo(new Manifest(List.of(file("a"), file("b"))));
  }

  @Test
  void aPathComesOnce() {
    assertThatThrownBy(() -> new Manifest(List.of(file("a"), file("b"), file("a"))))
        .hasMessageContaining("not a again");
  }

  @Test
  void aFileHasWhatItsKindNeedsAndNothingElse() {
    WorkspacePath path = new WorkspacePath("a");
    for (Runnable wrong :
        List.<Runnable>of(
            () -> new WorkspaceFile(path, FileKind.REGULAR, 0644, 0, null, null),
            () -> new WorkspaceFile(path, FileKind.REGULAR, 0644, 0, HASH, "target"),
            () -> new WorkspaceFile(path, FileKind.SYMLINK, 0777, 0, null, null),
            () -> new WorkspaceFile(path, FileKind.SYMLINK, 0777, 0, HASH, "target"),
            () -> new WorkspaceFile(path, FileKind.DIRECTORY, 0755, 0, HASH, null),
            () -> new WorkspaceFile(path, FileKind.OTHER, 0644, 0, null, null),
            () -> new WorkspaceFile(path, FileKind.REGULAR, 0644, -1, HASH, null),
            () -> new WorkspaceFile(path, FileKind.REGULAR, 0100644, 0, HASH, null))) {
      assertThatThrownBy(wrong::run).hasMessageContaining("workspace file a");
    }
  }

  @Test
  void aHashIsThatOfTheWholeContentHoweverItIsFed() throws IOException {
    byte[] bytes = "abc".getBytes(StandardCharsets.US_ASCII);
    ContentHash hash =
        new ContentHash("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    assertThat(ContentHash.of(bytes)).isEqualTo(hash);
    assertThat(ContentHash.of(Content.of("abc").readAll())).isEqualTo(hash);
    MessageDigest digest = ContentHash.digest();
    for (byte b : bytes) {
      digest.update(b);
    }
    assertThat(ContentHash.of(digest)).isEqualTo(hash);
    assertThatThrownBy(() -> new ContentHash(hash.hex().toUpperCase(java.util.Locale.ROOT)))
        .hasMessageContaining("64 lower-case hex digits");
  }
}
