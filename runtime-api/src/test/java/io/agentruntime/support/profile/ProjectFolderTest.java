// SPDX-License-Identifier: MIT

package io.agentruntime.support.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentruntime.model.profile.ProfileFile;
import io.agentruntime.model.workspace.WorkspacePath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ProjectFolderTest {
  private final Path base;
  private final Path root;

  ProjectFolderTest(@TempDir Path base) {
    this.base = base;
    this.root = base.resolve("profiles");
  }

  @BeforeEach
  void makeProject() throws IOException {
    Path project = Files.createDirectories(root.resolve("mcps/echo"));
    Files.createDirectories(project.resolve("node_modules/left-pad"));
    Files.writeString(project.resolve("node_modules/left-pad/index.js"), "x");
    Files.writeString(project.resolve("index.js"), "ünï");
    Files.createDirectories(project.resolve("bin"));
    Files.write(project.resolve("bin/tool"), new byte[] {0, (byte) 0xff, 1});
    Files.setPosixFilePermissions(
        project.resolve("bin/tool"), PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.setPosixFilePermissions(
        project.resolve("index.js"), PosixFilePermissions.fromString("rw-r--r--"));
    Files.writeString(base.resolve("secret"), "s");
  }

  @Test
  void textAndBinaryFilesAreReadWithoutInstalledPackages() {
    assertThat(new ProjectFolder(root).read("mcps/echo"))
        .containsExactly(
            new ProfileFile(new WorkspacePath("bin/tool"), "AP8B", true, true),
            new ProfileFile(new WorkspacePath("index.js"), "ünï", false, false));
  }

  @Test
  void foldersElsewhereAreRefused() throws IOException {
    Files.createSymbolicLink(root.resolve("link"), base);
    for (String path : new String[] {"..", "../..", base.toString(), "link", "none", "a\0b"}) {
      assertThatThrownBy(() -> new ProjectFolder(root).read(path))
          .as(path)
          .hasMessageContaining("below the folder of the profiles");
    }
  }

  @Test
  void aProjectWithALinkIsRefused() throws IOException {
    Files.createSymbolicLink(root.resolve("mcps/echo/link"), base.resolve("secret"));
    assertThatThrownBy(() -> new ProjectFolder(root).read("mcps/echo"))
        .hasMessageContaining("symbolic link");
  }

  @Test
  void aProjectOverALimitIsRefused() {
    assertThatThrownBy(() -> new ProjectFolder(root, 1, 1000).read("mcps/echo"))
        .hasMessageContaining("more than 1 files");
    assertThatThrownBy(() -> new ProjectFolder(root, 10, 3).read("mcps/echo"))
        .hasMessageContaining("3 bytes");
  }
}
