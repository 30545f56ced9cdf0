// SPDX-License-Identifier: MIT

package io.agentruntime.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataDirectoryTest {
  @TempDir Path folder;

  @Test
  void theIdStaysTheSame() {
    String first = idOnce();
    assertThat(first).isNotEmpty();
    assertThat(idOnce()).isEqualTo(first);
  }

  @Test
  void anIdThatWasLeftEmptyByACrashIsMadeAnew() throws Exception {
    Files.createFile(folder.resolve("runtime-id"));
    String first = idOnce();
    assertThat(first).isNotEmpty();
    assertThat(idOnce()).isEqualTo(first);
  }

  private String idOnce() {
    try (DataDirectory data = DataDirectory.open(folder)) {
      return data.runtimeId();
    }
  }
}
