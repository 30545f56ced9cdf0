// SPDX-License-Identifier: MIT

package io.agentruntime.testkit.persistence;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import io.agentruntime.model.session.SessionId;
import io.agentruntime.model.workspace.Content;
import io.agentruntime.model.workspace.ContentHash;
import io.agentruntime.model.workspace.FileKind;
import io.agentruntime.model.workspace.WorkspaceFile;
import io.agentruntime.model.workspace.WorkspacePath;
import io.agentruntime.spi.persistence.FileRemoval;
import io.agentruntime.spi.persistence.FileWrite;
import io.agentruntime.spi.persistence.LeaseEpoch;
import io.agentruntime.spi.persistence.StoredFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;

abstract class BasicFilesContract extends RoleContract {
  private void save(SessionId id, StoredFile file) throws InterruptedException {
    adapter().saveWorkspaceFile(new FileWrite(id, LeaseEpoch.NONE, file));
  }

  private void remove(SessionId id, String path) throws InterruptedException {
    adapter().deleteSessionFile(new FileRemoval(id, LeaseEpoch.NONE, new WorkspacePath(path)));
  }

  private Map<String, StoredFile> files(SessionId id) throws InterruptedException {
    Map<String, StoredFile> files = new HashMap<>();
    adapter()
        .loadSession(id)
        .orElseThrow()
        .files()
        .forEach(file -> assertThat(files.put(file.file().path().value(), file)).isNull());
    return files;
  }

  private StoredFile file(SessionId id, String path) throws InterruptedException {
    return requireNonNull(files(id).get(path), path);
  }

  private static byte[] bytes(StoredFile file) throws IOException {
    return requireNonNull(file.content()).readAll();
  }

  @Test
  void aBinaryFileComesBackByteForByte() throws IOException, InterruptedException {
    SessionId id = bench().session();
    StoredFile binary = TestContents.file("bin/data.bin", TestContents.binary());
    save(id, binary);
    StoredFile back = file(id, "bin/data.bin");
    assertThat(back.file()).isEqualTo(binary.file());
    assertThat(bytes(back)).isEqualTo(TestContents.binary());
    assertThat(requireNonNull(back.content()).size()).isEqualTo(512);
  }

  @Test
  void anEmptyFileIsKept() throws IOException, InterruptedException {
    SessionId id = bench().session();
    save(id, TestContents.file("empty", new byte[0]));
    assertThat(bytes(file(id, "empty"))).isEmpty();
  }

  @Test
  void modesLinksAndEmptyDirectoriesAreKept() throws InterruptedException {
    SessionId id = bench().session();
    List<StoredFile> files =
        List.of(
            TestContents.file("run.sh", new byte[] {1}, 0755),
            TestContents.file("secret", new byte[] {2}, 0600),
            TestContents.link("inside", "run.sh"),
            TestContents.link("outside", "/etc/../etc/host name"),
            TestContents.link("dangling", "../../nowhere-ünï"),
            TestContents.directory("empty/dir", 0700));
    for (StoredFile file : files) {
      save(id, file);
    }
    assertThat(files(id).values().stream().map(StoredFile::file))
        .containsExactlyInAnyOrderElementsOf(files.stream().map(StoredFile::file).toList());
  }

  @Test
  void aFileIsReplacedByANewerOneWhateverItsKind() throws IOException, InterruptedException {
    SessionId id = bench().session();
    save(id, TestContents.file("a", "a long first version".getBytes(StandardCharsets.UTF_8)));
    save(id, TestContents.file("a", new byte[] {1}, 0755));
    assertThat(bytes(file(id, "a"))).containsExactly(1);
    save(id, TestContents.link("a", "b"));
    assertThat(file(id, "a").file().kind()).isEqualTo(FileKind.SYMLINK);
    save(id, TestContents.file("a", new byte[] {2}));
    assertThat(bytes(file(id, "a"))).containsExactly(2);
    assertThat(files(id)).hasSize(1);
  }

  @Test
  void aRemovedFileIsGoneAndRemovingItAgainIsNoError() throws InterruptedException {
    SessionId id = bench().session();
    save(id, TestContents.file("a/b", new byte[] {1}));
    save(id, TestContents.file("a/bc", new byte[] {1}));
    remove(id, "a/b");
    remove(id, "a/b");
    remove(id, "a");
    assertThat(files(id)).containsOnlyKeys("a/bc");
  }

  @Test
  void filesOfAnUnknownSessionAreRefused() {
    assertRefused(
        StandardError.SESSION_NOT_FOUND,
        () -> save(NOBODY, TestContents.file("a", new byte[] {1})));
    assertRefused(StandardError.SESSION_NOT_FOUND, () -> remove(NOBODY, "a"));
  }

  @Test
  void pathsAreComparedExactly() throws IOException, InterruptedException {
    SessionId id = bench().session();
    List<String> paths =
        List.of(
            "README",
            "readme",
            "Readme ",
            "Readme",
            " Readme",
            "%",
            "_",
            "a'b\"c`d",
            "a\\b",
            "-rf",
            "\u00e9",
            "e\u0301",
            "\uD83D\uDE80",
            "\u4f60/\u597d",
            "a\nb",
            "*",
            "$HOME",
            "C:",
            "...",
            "x/" + "0123456789abcde/".repeat(255) + "end",
            "x/" + "0123456789abcde/".repeat(255) + "End");
    for (String path : paths) {
      save(id, TestContents.file(path, path.getBytes(StandardCharsets.UTF_8)));
    }
    Map<String, StoredFile> files = files(id);
    assertThat(files).containsOnlyKeys(paths);
    for (Map.Entry<String, StoredFile> file : files.entrySet()) {
      assertThat(new String(bytes(file.getValue()), StandardCharsets.UTF_8))
          .isEqualTo(file.getKey());
    }
  }

  @Test
  void sessionsDoNotShareFiles() throws IOException, InterruptedException {
    SessionId one = bench().session();
    SessionId other = bench().session();
    save(one, TestContents.file("a", new byte[] {1}));
    save(other, TestContents.file("a", new byte[] {2}));
    remove(other, "a");
    assertThat(bytes(file(one, "a"))).containsExactly(1);
    assertThat(files(other)).isEmpty();
  }

  @Test
  void aLargeFileIsStreamedIn() throws IOException, InterruptedException {
    SessionId id = bench().session();
    TestContents.Generated content = new TestContents.Generated(TestContents.LARGE);
    WorkspaceFile file =
        new WorkspaceFile(
            new WorkspacePath("large.bin"),
            FileKind.REGULAR,
            0644,
            content.size(),
            content.hash(),
            null);
    save(id, new StoredFile(file, content));
    assertThat(content.opened).hasValueLessThanOrEqualTo(1);
    ContentHash hash = content.hash();
    content.expire();
    Content back = requireNonNull(file(id, "large.bin").content());
    assertThat(back.size()).isEqualTo(TestContents.LARGE);
    assertThat(TestContents.hash(back.open())).isEqualTo(hash);
  }

  @Test
  void aFileWhoseContentCannotBeReadLeavesWhatWasThere() throws IOException, InterruptedException {
    SessionId id = bench().session();
    save(id, TestContents.file("a", new byte[] {1}));
    TestContents.Generated broken = new TestContents.Generated(1 << 20, 100_000);
    WorkspaceFile file =
        new WorkspaceFile(
            new WorkspacePath("a"), FileKind.REGULAR, 0644, 1 << 20, broken.hash(), null);
    assertThatThrownBy(() -> save(id, new StoredFile(file, broken)))
        .isInstanceOf(AgentRuntimeException.class);
    assertThat(bytes(file(id, "a"))).containsExactly(1);
  }

  @Test
  void manyFilesAreWrittenAtOnce() throws InterruptedException {
    SessionId id = bench().session();
    List<Callable<Integer>> tasks = new ArrayList<>();
    for (int t = 0; t < 20; t++) {
      int thread = t;
      tasks.add(
          () -> {
            for (int n = 0; n < 20; n++) {
              save(id, TestContents.file(thread + "/" + n, new byte[] {(byte) n}));
            }
            return thread;
          });
    }
    atOnce(tasks);
    assertThat(files(id)).hasSize(400);
  }
}
