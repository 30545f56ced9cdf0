// SPDX-License-Identifier: MIT

package io.agentruntime.testkit.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentruntime.model.workspace.FileKind;
import io.agentruntime.spi.sandbox.FileListing;
import io.agentruntime.spi.sandbox.FileStat;
import io.agentruntime.spi.sandbox.FileUpload;
import io.agentruntime.spi.sandbox.ListRequest;
import io.agentruntime.spi.sandbox.Sandbox;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** A listing tells what there is, and whether it may have changed. */
interface ListingContract extends SandboxTopic {
  @Test
  default void aListingShowsKindSizeAndMode() throws Exception {
    Sandbox sandbox = bench().sandbox();
    String root = sandbox.paths().workspace();
    sandbox.writeFiles(
        List.of(
            FileUpload.text(root + "/dir/script", 0755, "12345"),
            new FileUpload(root + "/link", FileKind.SYMLINK, 0777, null, "dir/script")));
    Map<String, FileStat> files = byPath(sandbox.list(ListRequest.all(root)));
    assertThat(files).containsOnlyKeys(root + "/dir", root + "/dir/script", root + "/link");
    FileStat script = at(files, root + "/dir/script");
    assertThat(script.kind()).isEqualTo(FileKind.REGULAR);
    assertThat(script.size()).isEqualTo(5);
    assertThat(script.mode()).isEqualTo(0755);
    assertThat(script.linkTarget()).isNull();
    assertThat(at(files, root + "/dir").kind()).isEqualTo(FileKind.DIRECTORY);
    assertThat(at(files, root + "/dir").linkTarget()).isNull();
    assertThat(at(files, root + "/link").kind()).isEqualTo(FileKind.SYMLINK);
    assertThat(at(files, root + "/link").linkTarget()).isEqualTo("dir/script");
  }

  @Test
  default void aRootThatDoesNotExistHasNoEntries() throws Exception {
    Sandbox sandbox = bench().sandbox();
    FileListing listing = sandbox.list(ListRequest.all(sandbox.paths().workspace() + "/absent"));
    assertThat(listing.files()).isEmpty();
    assertThat(listing.truncated()).isFalse();
  }

  @Test
  default void ignoredNamesAreNeitherListedNorEntered() throws Exception {
    Sandbox sandbox = bench().sandbox();
    String root = sandbox.paths().workspace();
    List<FileUpload> files = new ArrayList<>();
    for (String path :
        List.of("a", "node_modules/x", "src/node_modules/y/z", "src/b", ".git/HEAD", "src/.gitx")) {
      files.add(FileUpload.text(root + "/" + path, 0644, ""));
    }
    sandbox.writeFiles(files);
    FileListing listing =
        sandbox.list(new ListRequest(root, Set.of("node_modules", ".git", "x[y"), 100));
    assertThat(byPath(listing))
        .containsOnlyKeys(root + "/a", root + "/src", root + "/src/b", root + "/src/.gitx");
    assertThat(listing.truncated()).isFalse();
  }

  @Test
  default void anIgnoredNameIsNoPattern() throws Exception {
    Sandbox sandbox = bench().sandbox();
    String root = sandbox.paths().workspace();
    sandbox.writeFiles(
        List.of(
            FileUpload.text(root + "/*", 0644, ""), FileUpload.text(root + "/plain", 0644, "")));
    assertThat(byPath(sandbox.list(new ListRequest(root, Set.of("*", "?lain"), 100))))
        .containsOnlyKeys(root + "/plain");
  }

  @Test
  default void aListingThatIsCutSaysSo() throws Exception {
    Sandbox sandbox = bench().sandbox();
    String root = sandbox.paths().workspace();
    List<FileUpload> files = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      files.add(FileUpload.text(root + "/file" + i, 0644, ""));
    }
    sandbox.writeFiles(files);
    FileListing cut = sandbox.list(new ListRequest(root, Set.of(), 19));
    assertThat(cut.files()).hasSize(19);
    assertThat(cut.truncated()).isTrue();
    FileListing whole = sandbox.list(new ListRequest(root, Set.of(), 20));
    assertThat(whole.files()).hasSize(20);
    assertThat(whole.truncated()).isFalse();
  }

  @Test
  default void aChangeOfTheSameSizeChangesTheToken() throws Exception {
    Sandbox sandbox = bench().sandbox();
    String root = sandbox.paths().workspace();
    sandbox.writeFiles(
        List.of(
            FileUpload.text(root + "/program", 0644, "aaa"),
            FileUpload.text(root + "/runtime", 0644, "aaa"),
            FileUpload.text(root + "/untouched", 0644, "aaa")));
    Map<String, FileStat> before = byPath(sandbox.list(ListRequest.all(root)));
    assertThat(byPath(sandbox.list(ListRequest.all(root)))).isEqualTo(before);
    bench().run(bench().programs().writeFile(root + "/program", "bbb"));
    sandbox.writeFiles(List.of(FileUpload.text(root + "/runtime", 0644, "bbb")));
    Map<String, FileStat> after = byPath(sandbox.list(ListRequest.all(root)));
    for (String changed : List.of(root + "/program", root + "/runtime")) {
      assertThat(at(after, changed).size()).isEqualTo(3);
      assertThat(at(after, changed).changeToken()).isNotEqualTo(at(before, changed).changeToken());
    }
    assertThat(at(after, root + "/untouched")).isEqualTo(at(before, root + "/untouched"));
  }

  private static FileStat at(Map<String, FileStat> files, String path) {
    return Objects.requireNonNull(files.get(path), path);
  }

  private static Map<String, FileStat> byPath(FileListing listing) {
    return listing.files().stream().collect(Collectors.toMap(FileStat::path, file -> file));
  }
}
