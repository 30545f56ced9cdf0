// SPDX-License-Identifier: MIT

package io.agentruntime.app.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ApiKeyFileTest {
  @TempDir Path folder;

  @Test
  void aMissingFileIsMadeForItsOwnerAlone() throws Exception {
    Path file = folder.resolve("deep/api-key");
    ApiKeyFile.Loaded first = ApiKeyFile.loadOrCreate(file);
    ApiKeyFile.Loaded second = ApiKeyFile.loadOrCreate(file);

    assertThat(first.created()).isTrue();
    assertThat(second.created()).isFalse();
    assertThat(second.key().reveal()).isEqualTo(first.key().reveal()).hasSize(43);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    try (Stream<Path> left = Files.list(folder.resolve("deep"))) {
      assertThat(left).containsExactly(file);
    }
  }

  @Test
  void serversThatStartAtOnceAgreeOnOneKey() throws Exception {
    Path file = folder.resolve("api-key");
    Set<String> keys = new HashSet<>();
    try (ExecutorService executor = Executors.newFixedThreadPool(8)) {
      Callable<String> load = () -> ApiKeyFile.loadOrCreate(file).key().reveal();
      for (Future<String> key : executor.invokeAll(List.of(load, load, load, load))) {
        keys.add(key.get());
      }
    }
    assertThat(keys).hasSize(1);
  }

  @Test
  void aFileThatOthersMayReadIsNoticed() throws Exception {
    Path file = Files.writeString(folder.resolve("api-key"), "abc\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));

    assertThat(ApiKeyFile.loadOrCreate(file).othersMayRead()).isTrue();
  }

  @Test
  void aFileWithoutOneKeyIsRefusedByName() throws Exception {
    Path file = Files.writeString(folder.resolve("api-key"), "a\nb\n");

    assertThatThrownBy(() -> ApiKeyFile.loadOrCreate(file)).hasMessageContaining(file.toString());
  }
}
