// SPDX-License-Identifier: MIT

package io.agentruntime.core.workspace;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentruntime.core.secret.SecretMask;
import io.agentruntime.core.store.SessionStorage;
import io.agentruntime.model.event.SessionEvent;
import io.agentruntime.model.transcript.Transcript;
import io.agentruntime.model.workspace.Content;
import io.agentruntime.model.workspace.ContentHash;
import io.agentruntime.model.workspace.FileKind;
import io.agentruntime.model.workspace.WorkspaceFile;
import io.agentruntime.model.workspace.WorkspacePath;
import io.agentruntime.spi.sandbox.FileStat;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkspaceScanTest {
  @TempDir Path spool;

  @Test
  void oneScanOfManyFilesThatAreNotKeptTellsOfAThousandOfThem() {
    WorkspaceScan scan =
        new WorkspaceScan(
            new NothingStored(),
            new WorkspaceLimits(Set.of(), 20_000, 1, 1_000_000),
            SecretMask.of(List.of()),
            spool,
            new WorkspaceScan.Known(Map.of(), Map.of(), Set.of()));

    for (int i = 0; i < 1_500; i++) {
      scan.found(
          new WorkspacePath("large-" + i),
          new FileStat("/w/large-" + i, FileKind.REGULAR, 2, 0644, "t" + i, null));
    }

    assertThat(scan.events())
        .hasSize(1_000)
        .hasOnlyElementsOfType(SessionEvent.WorkspaceLimitReached.class);
    assertThat(scan.newlyReported()).hasSize(1_000);
    assertThat(scan.files()).isEmpty();
  }

  /** A storage that is not asked for anything. */
  private static final class NothingStored implements SessionStorage {
    @Override
    public List<WorkspaceFile> files() {
      return List.of();
    }

    @Override
    public void put(ContentHash hash, Content content) {
      throw new AssertionError("nothing is kept");
    }

    @Override
    public InputStream open(WorkspaceFile file) {
      throw new AssertionError("nothing was kept");
    }

    @Override
    public void saveFiles(List<WorkspaceFile> files) {
      throw new AssertionError("nothing is kept");
    }

    @Override
    public Transcript transcript() {
      throw new AssertionError("there is none");
    }

    @Override
    public long transcriptSize(String name) {
      return 0;
    }

    @Override
    public void writeTranscript(String name, long offset, byte[] bytes) {
      throw new AssertionError("there is none");
    }

    @Override
    public void transcriptSynced() {
      throw new AssertionError("there is none");
    }
  }
}
