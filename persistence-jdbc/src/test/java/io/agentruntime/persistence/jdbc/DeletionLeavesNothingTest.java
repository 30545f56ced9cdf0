// SPDX-License-Identifier: MIT

package io.agentruntime.persistence.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentruntime.model.session.SessionId;
import io.agentruntime.model.workspace.Content;
import io.agentruntime.model.workspace.ContentHash;
import io.agentruntime.model.workspace.FileKind;
import io.agentruntime.model.workspace.Manifest;
import io.agentruntime.model.workspace.WorkspaceFile;
import io.agentruntime.model.workspace.WorkspacePath;
import io.agentruntime.spi.persistence.FileWrite;
import io.agentruntime.spi.persistence.LeaseEpoch;
import io.agentruntime.spi.persistence.PersistenceAdapter;
import io.agentruntime.spi.persistence.StoredFile;
import io.agentruntime.spi.persistence.TranscriptChunk;
import io.agentruntime.spi.persistence.TranscriptWrite;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is no longer needed is gone from the tables, not only from sight. */
final class DeletionLeavesNothingTest {
  private @TempDir Path folder;

  private static WorkspaceFile file(String path, byte[] bytes) {
    return new WorkspaceFile(
        new WorkspacePath(path), FileKind.REGULAR, 0644, bytes.length, ContentHash.of(bytes), null);
  }

  private static LeaseEpoch fill(PersistenceAdapter adapter, SessionId id)
      throws IOException, InterruptedException {
    adapter.createSessionRecord(TestStore.record(id.value()));
    LeaseEpoch epoch =
        adapter.leases().acquire(id, "test", Duration.ofMinutes(1)).orElseThrow().epoch();
    byte[] large = new byte[3 << 20];
    adapter.events().append(List.of(TestStore.deltas(id, epoch, 0, 6_000)));
    adapter.events().append(List.of(TestStore.deltas(id, epoch, 6_000, 1, "x".repeat(2 << 20))));
    adapter.saveTranscript(new TranscriptWrite(id, epoch, "text".repeat(1_000_000), null));
    adapter.saveTranscript(new TranscriptWrite(id, epoch, "text", "agent-1"));
    adapter.transcripts().write(new TranscriptChunk(id, epoch, "t", 0, new byte[1 << 20]));
    adapter.saveWorkspaceFile(
        new FileWrite(id, epoch, new StoredFile(file("large", large), Content.of(large))));
    adapter.workspaces().put(id, ContentHash.of(large), Content.of(large));
    adapter.workspaces().saveManifest(id, epoch, new Manifest(List.of(file("a", large))));
    return epoch;
  }

  @ParameterizedTest
  @EnumSource(names = {"SQLITE", "H2"})
  void ofADeletedSessionNoRowStaysInAnyTable(Engine engine)
      throws IOException, InterruptedException, SQLException {
    try (TestStore store = TestStore.in(folder, engine)) {
      PersistenceAdapter adapter = store.open();
      adapter.createSessionRecord(TestStore.record("other"));
      adapter.close();
      Map<String, Long> before = store.rows();
      assertThat(before).hasSizeGreaterThan(10).containsEntry("session", 1L);

      adapter = store.open();
      SessionId id = new SessionId("deleted");
      LeaseEpoch epoch = fill(adapter, id);
      // More than one step of the removal takes.
      adapter.transcripts().write(new TranscriptChunk(id, epoch, "u", 0, new byte[33 << 20]));
      adapter.deleteSession(id);
      adapter.close();

      assertThat(store.rows()).isEqualTo(before);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"SQLITE", "H2"})
  void aContentThatFailsOnTheWayLeavesNoRow(Engine engine)
      throws InterruptedException, SQLException {
    try (TestStore store = TestStore.in(folder, engine)) {
      PersistenceAdapter adapter = store.open();
      SessionId id = new SessionId("s");
      adapter.createSessionRecord(TestStore.record("s"));
      assertThatThrownBy(
              () -> adapter.workspaces().put(id, ContentHash.of(new byte[1]), new Broken(5 << 20)))
          .isInstanceOf(IOException.class);
      adapter.close();
      assertThat(store.rows()).containsEntry("stored_blob", 0L).containsEntry("blob_chunk", 0L);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"SQLITE", "H2"})
  void contentsThatNoManifestNeedsAreCollected(Engine engine)
      throws IOException, InterruptedException, SQLException {
    try (TestStore store = TestStore.in(folder, engine)) {
      PersistenceAdapter adapter = store.open();
      SessionId id = new SessionId("s");
      LeaseEpoch epoch = fill(adapter, id);
      for (int i = 0; i < 3; i++) {
        adapter.workspaces().saveManifest(id, epoch, Manifest.EMPTY);
      }
      adapter.close();
      // The one that is left belongs to the file of the basic operations.
      assertThat(store.rows()).containsEntry("stored_blob", 1L).containsEntry("blob_chunk", 6L);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"SQLITE", "H2"})
  void aReplacedFileLeavesNoOldContent(Engine engine) throws InterruptedException, SQLException {
    try (TestStore store = TestStore.in(folder, engine)) {
      PersistenceAdapter adapter = store.open();
      SessionId id = new SessionId("s");
      adapter.createSessionRecord(TestStore.record("s"));
      for (int i = 0; i < 5; i++) {
        byte[] bytes = new byte[(1 << 20) + i];
        adapter.saveWorkspaceFile(
            new FileWrite(
                id, LeaseEpoch.NONE, new StoredFile(file("a", bytes), Content.of(bytes))));
      }
      adapter.close();
      assertThat(store.rows()).containsEntry("stored_blob", 1L).containsEntry("workspace_file", 1L);
    }
  }

  /** Gives zeros, and then fails. */
  private record Broken(int works) implements Content {
    @Override
    public long size() {
      return 2L * works;
    }

    @Override
    public InputStream open() {
      InputStream failing =
          new InputStream() {
            @Override
            public int read() throws IOException {
              throw new IOException("the content cannot be read any further");
            }

            @Override
            public int read(byte[] buffer, int offset, int length) throws IOException {
              return read();
            }
          };
      return new SequenceInputStream(new ByteArrayInputStream(new byte[works]), failing);
    }
  }
}
