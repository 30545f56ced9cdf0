// SPDX-License-Identifier: MIT

package io.agentruntime.persistence.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import io.agentruntime.model.session.SessionId;
import io.agentruntime.spi.persistence.AppendResult;
import io.agentruntime.spi.persistence.LeaseEpoch;
import io.agentruntime.spi.persistence.PersistenceAdapter;
import io.agentruntime.spi.persistence.TranscriptChunk;
import io.agentruntime.testkit.requirement.Requirement;
import io.agentruntime.testkit.requirement.Requires;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A small file system in memory fills up, or cannot be written to, under the store. */
@Requires(Requirement.MOUNT)
final class FullDiskIT {
  private static final SessionId ID = new SessionId("s");

  private @TempDir Path folder;

  @BeforeEach
  void mount() throws IOException, InterruptedException {
    run("mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", folder.toString());
  }

  @AfterEach
  void unmount() throws IOException, InterruptedException {
    run("umount", folder.toString());
  }

  private static void run(String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).inheritIO().start();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(String.join(" ", command)).isZero();
  }

  private static AppendResult append(PersistenceAdapter adapter, long last)
      throws InterruptedException {
    return adapter
        .events()
        .append(List.of(TestStore.deltas(ID, LeaseEpoch.NONE, last, 1, "x".repeat(50_000))))
        .getFirst();
  }

  @ParameterizedTest
  @EnumSource(names = {"SQLITE", "H2"})
  void aFullDiskIsSaidAndTheStoreGoesOnWhenThereIsRoom(Engine engine)
      throws IOException, InterruptedException {
    Path ballast = folder.resolve("ballast");
    Files.write(ballast, new byte[4 << 20]);
    try (TestStore store = TestStore.in(folder, engine)) {
      PersistenceAdapter adapter = store.open();
      adapter.createSessionRecord(TestStore.record("s"));
      long last = 0;
      AppendResult result = append(adapter, last);
      while (result instanceof AppendResult.Appended appended && last < 1000) {
        last = appended.last();
        result = append(adapter, last);
      }
      assertThat(result).isInstanceOf(AppendResult.Failed.class);
      AgentRuntimeException error = ((AppendResult.Failed) result).error();
      assertThat(error.code()).isEqualTo(StandardError.STORE_UNAVAILABLE);
      assertThat(error).hasMessageContaining("no space is left");
      AgentRuntimeException other =
          catchThrowableOfType(
              AgentRuntimeException.class,
              () ->
                  adapter
                      .transcripts()
                      .write(new TranscriptChunk(ID, LeaseEpoch.NONE, "t", 0, new byte[6 << 20])));
      assertThat(other.code()).isEqualTo(StandardError.STORE_UNAVAILABLE);

      Files.delete(ballast);
      for (int i = 0; i < 5; i++) {
        assertThat(append(adapter, last)).isEqualTo(new AppendResult.Appended(last + 1));
        last++;
      }
      assertThat(adapter.events().read(ID, 0, 2000).events()).hasSize((int) last);
      assertThat(adapter.transcripts().list(ID)).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"SQLITE", "H2"})
  void aReadOnlyFileIsSaidWhenTheStoreIsOpened(Engine engine)
      throws IOException, InterruptedException {
    try (TestStore store = TestStore.in(folder, engine)) {
      store.open().close();
      run("mount", "-o", "remount,ro", folder.toString());
      AgentRuntimeException refusal =
          catchThrowableOfType(AgentRuntimeException.class, store::open);
      assertThat(refusal.code()).isEqualTo(StandardError.STORE_UNAVAILABLE);
      assertThat(refusal)
          .hasMessageContaining("store")
          .hasMessageContaining("cannot be written to");

      run("mount", "-o", "remount,rw", folder.toString());
      store.open().createSessionRecord(TestStore.record("s"));
    }
  }
}
