// SPDX-License-Identifier: MIT

package io.agentruntime.sandbox.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RemainsTest {
  @TempDir Path root;

  @Test
  void aFolderThatCannotBeRemovedKeepsNeitherTheOthersNorTheServerFromGoingOn() throws Exception {
    SandboxFolder stubborn = ended("a-1");
    SandboxFolder other = ended("b-2");
    SandboxFolder alive = new SandboxFolder(Files.createDirectory(root.resolve("c-3")));
    List<SandboxFolder> asked = new ArrayList<>();

    Remains.remove(
        List.of(stubborn, other, alive),
        Instant.now(),
        folder -> {
          asked.add(folder);
          if (folder.equals(stubborn)) {
            throw new IOException("1 processes do not end");
          }
          folder.delete();
        });

    assertThat(asked).containsExactly(stubborn, other);
    assertThat(other.path()).doesNotExist();
    assertThat(stubborn.path()).exists();
  }

  @Test
  void aFolderThatVanishesMeanwhileIsNoTrouble() throws Exception {
    SandboxFolder vanished = new SandboxFolder(root.resolve(".new-gone"));

    Remains.remove(List.of(vanished), Instant.now(), SandboxFolder::delete);

    assertThat(vanished.path()).doesNotExist();
  }

  private SandboxFolder ended(String id) throws IOException {
    Path folder = Files.createDirectory(root.resolve(id));
    Files.createFile(folder.resolve("ended"));
    return new SandboxFolder(folder);
  }
}
