// SPDX-License-Identifier: MIT

package io.agentruntime.testkit.persistence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentruntime.error.StandardError;
import io.agentruntime.model.session.SessionId;
import io.agentruntime.model.workspace.Content;
import io.agentruntime.model.workspace.ContentHash;
import io.agentruntime.model.workspace.FileKind;
import io.agentruntime.model.workspace.Manifest;
import io.agentruntime.model.workspace.WorkspaceFile;
import io.agentruntime.model.workspace.WorkspacePath;
import io.agentruntime.spi.persistence.LeaseEpoch;
import io.agentruntime.spi.persistence.PersistenceCapability;
import io.agentruntime.spi.persistence.StoredFile;
import io.agentruntime.spi.persistence.WorkspaceStore;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;

@Role(PersistenceCapability.WORKSPACES)
abstract class WorkspaceStoreContract extends RoleContract {
  private WorkspaceStore store() {
    return adapter().workspaces();
  }

  private ContentHash put(SessionId id, byte[] bytes) throws IOException, InterruptedException {
    ContentHash hash = ContentHash.of(bytes);
    store().put(id, hash, Content.of(bytes));
    return hash;
  }

  private byte[] read(SessionId id, ContentHash hash) throws IOException, InterruptedException {
    try (InputStream in = store().open(id, hash)) {
      return in.readAllBytes();
    }
  }

  private static Manifest manifest(StoredFile... files) {
    return new Manifest(List.of(files).stream().map(StoredFile::file).toList());
  }

  private static WorkspaceFile file(String path, ContentHash hash, long size) {
    return new WorkspaceFile(new WorkspacePath(path), FileKind.REGULAR, 0644, size, hash, null);
  }

  @Test
  void aBlobComesBackByteForByte() throws IOException, InterruptedException {
    SessionId id = bench().session();
    for (byte[] bytes : List.of(TestContents.binary(), new byte[0], new byte[] {0})) {
      assertThat(read(id, put(id, bytes))).isEqualTo(bytes);
    }
  }

  @Test
  void whatIsMissingIsTold() throws IOException, InterruptedException {
    SessionId id = bench().session();
    SessionId other = bench().session();
    ContentHash there = put(id, new byte[] {1});
    ContentHash absent = ContentHash.of(new byte[] {2});
    assertThat(store().missing(id, List.of(there, absent))).containsExactly(absent);
    assertThat(store().missing(other, List.of(there))).containsExactly(there);
    assertThat(store().missing(NOBODY, List.of(there))).containsExactly(there);
    assertThat(store().missing(id, List.of())).isEmpty();
  }

  @Test
  void puttingABlobAgainIsNoError() throws IOException, InterruptedException {
    SessionId id = bench().session();
    ContentHash hash = put(id, new byte[] {1});
    put(id, new byte[] {1});
    assertThat(read(id, hash)).containsExactly(1);
  }

  @Test
  void aContentThatIsNotWhatItsHashSaysIsNotStored() throws InterruptedException {
    SessionId id = bench().session();
    ContentHash hash = ContentHash.of(new byte[] {1});
    assertRefused(
        StandardError.INVALID_ARGUMENT, () -> store().put(id, hash, Content.of(new byte[] {2})));
    assertThat(store().missing(id, List.of(hash))).containsExactly(hash);
    assertRefused(StandardError.FILE_NOT_FOUND, () -> read(id, hash));
  }

  @Test
  void aContentThatFailsOnTheWayIsNotStored() throws IOException, InterruptedException {
    SessionId id = bench().session();
    TestContents.Generated broken = new TestContents.Generated(1 << 20, 500_000);
    ContentHash hash = broken.hash();
    assertThatThrownBy(() -> store().put(id, hash, broken)).isInstanceOf(IOException.class);
    assertThat(store().missing(id, List.of(hash))).containsExactly(hash);
    store().put(id, hash, new TestContents.Generated(1 << 20));
    assertThat(TestContents.hash(store().open(id, hash))).isEqualTo(hash);
  }

  @Test
  void aLargeBlobIsStreamedInAndOut() throws IOException, InterruptedException {
    SessionId id = bench().session();
    TestContents.Generated content = new TestContents.Generated(TestContents.LARGE);
    ContentHash hash = content.hash();
    store().put(id, hash, content);
    assertThat(content.opened).hasValue(1);
    content.expire();
    assertThat(TestContents.hash(store().open(id, hash))).isEqualTo(hash);
    try (InputStream in = store().open(id, hash)) {
      assertThat(in.readNBytes(10)).hasSize(10);
    }
    try (InputStream again = store().open(id, hash)) {
      assertThat(again.readNBytes(10)).hasSize(10);
    }
  }

  @Test
  void whatIsNotThereIsRefused() throws InterruptedException {
    SessionId id = bench().session();
    ContentHash hash = ContentHash.of(new byte[] {1});
    assertRefused(StandardError.FILE_NOT_FOUND, () -> read(id, hash));
    assertRefused(StandardError.SESSION_NOT_FOUND, () -> put(NOBODY, new byte[] {1}));
    assertRefused(
        StandardError.SESSION_NOT_FOUND,
        () -> store().saveManifest(NOBODY, LeaseEpoch.NONE, Manifest.EMPTY));
    assertThat(store().manifest(NOBODY)).isEmpty();
  }

  @Test
  void aManifestComesBackWithModesLinksAndDirectories() throws IOException, InterruptedException {
    SessionId id = bench().session();
    put(id, new byte[] {1});
    put(id, new byte[0]);
    Manifest manifest =
        manifest(
            TestContents.file("%_'\"\\", new byte[] {1}, 0600),
            TestContents.file("A", new byte[0]),
            TestContents.file("a", new byte[] {1}, 0755),
            TestContents.directory("empty", 0700),
            TestContents.link("link", "../out side/ünï"),
            TestContents.file("x/" + "0123456789abcde/".repeat(255) + "end", new byte[] {1}),
            TestContents.file("\u4f60/\uD83D\uDE80 e\u0301", new byte[] {1}));
    store().saveManifest(id, bench().own(id), manifest);
    assertThat(store().manifest(id)).contains(manifest);
  }

  @Test
  void noManifestAndAnEmptyOneAreNotTheSame() throws InterruptedException {
    SessionId id = bench().session();
    assertThat(store().manifest(id)).isEmpty();
    store().saveManifest(id, bench().own(id), Manifest.EMPTY);
    assertThat(store().manifest(id)).contains(Manifest.EMPTY);
  }

  @Test
  void aManifestIsReplacedAsAWhole() throws IOException, InterruptedException {
    SessionId id = bench().session();
    LeaseEpoch epoch = bench().own(id);
    put(id, new byte[] {1});
    put(id, new byte[] {2});
    StoredFile a = TestContents.file("a", new byte[] {1});
    StoredFile b = TestContents.file("b", new byte[] {2});
    store().saveManifest(id, epoch, manifest(a, b));
    store().saveManifest(id, epoch, manifest(b));
    assertThat(store().manifest(id)).contains(manifest(b));
    assertThat(read(id, ContentHash.of(new byte[] {2}))).containsExactly(2);
  }

  @Test
  void aManifestNeverPointsAtNothing() throws IOException, InterruptedException {
    SessionId id = bench().session();
    LeaseEpoch epoch = bench().own(id);
    put(id, new byte[] {1});
    Manifest good = manifest(TestContents.file("a", new byte[] {1}));
    store().saveManifest(id, epoch, good);
    Manifest bad = manifest(TestContents.file("b", new byte[] {9}));
    assertRefused(StandardError.FILE_NOT_FOUND, () -> store().saveManifest(id, epoch, bad));
    assertThat(store().manifest(id)).contains(good);
  }

  @Test
  void aBlobPutBeforeAManifestThatDoesNotNeedItIsThereForTheNext()
      throws IOException, InterruptedException {
    SessionId id = bench().session();
    LeaseEpoch epoch = bench().own(id);
    put(id, new byte[] {1});
    store().saveManifest(id, epoch, Manifest.EMPTY);
    Manifest next = manifest(TestContents.file("a", new byte[] {1}));
    store().saveManifest(id, epoch, next);
    assertThat(read(id, ContentHash.of(new byte[] {1}))).containsExactly(1);
  }

  @Test
  void aManifestOfManyFilesFits() throws IOException, InterruptedException {
    SessionId id = bench().session();
    ContentHash hash = put(id, new byte[] {1});
    List<WorkspaceFile> files = new ArrayList<>();
    for (int i = 0; i < 10_000; i++) {
      files.add(file("folder-%03d/file-%05d.txt".formatted(i / 100, i), hash, 1));
    }
    store().saveManifest(id, bench().own(id), new Manifest(files));
    assertThat(store().manifest(id).orElseThrow().files().equals(files)).isTrue();
  }

  @Test
  void blobsArePutAtOnce() throws IOException, InterruptedException {
    SessionId id = bench().session();
    List<Callable<ContentHash>> tasks = new ArrayList<>();
    for (int t = 0; t < 20; t++) {
      byte[] own = ("own " + t).getBytes(StandardCharsets.UTF_8);
      tasks.add(
          () -> {
            put(id, TestContents.binary());
            return put(id, own);
          });
    }
    List<ContentHash> hashes = new ArrayList<>(atOnce(tasks));
    hashes.add(ContentHash.of(TestContents.binary()));
    assertThat(store().missing(id, hashes)).isEmpty();
    assertThat(read(id, hashes.getLast())).isEqualTo(TestContents.binary());
  }
}
