// SPDX-License-Identifier: MIT

package io.agentruntime.testkit.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentruntime.error.StandardError;
import io.agentruntime.model.workspace.Content;
import io.agentruntime.model.workspace.ContentHash;
import io.agentruntime.model.workspace.FileKind;
import io.agentruntime.spi.sandbox.FileStat;
import io.agentruntime.spi.sandbox.FileUpload;
import io.agentruntime.spi.sandbox.ListRequest;
import io.agentruntime.spi.sandbox.Sandbox;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.DigestInputStream;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Files are written, read and removed in bulk, byte for byte. */
interface FileContract extends SandboxTopic {
  /** Names that a shell, a line reader or an option parser would spoil. */
  List<String> ODD_NAMES =
      List.of(
          "with space",
          "-rf",
          "--help",
          "new\nline",
          "tab\there",
          "quo'te\"s",
          "back\\slash",
          "$HOME `id` *?",
          "é€😀",
          " leading",
          "trailing ",
          ".hidden",
          "a".repeat(200));

  @Test
  default void whatIsWrittenIsRead() throws Exception {
    byte[] binary = new byte[100_000];
    new Random(1).nextBytes(binary);
    Map<String, byte[]> files = new HashMap<>();
    files.put("binary", binary);
    files.put("empty", new byte[0]);
    files.put("text", SandboxBench.utf8("line\r\n\0é€😀"));
    files.put("deep/er/and/deeper", SandboxBench.utf8("deep"));
    write(files);
    assertThat(read(files.keySet())).usingRecursiveComparison().isEqualTo(files);
    for (var file : files.entrySet()) {
      try (InputStream in = bench().sandbox().readFile(path(file.getKey()))) {
        assertThat(in.readAllBytes()).isEqualTo(file.getValue());
      }
    }
  }

  @Test
  default void oddNamesAreNamesLikeAnyOther() throws Exception {
    Map<String, byte[]> files = new HashMap<>();
    for (String name : ODD_NAMES) {
      files.put(name, SandboxBench.utf8(name));
      files.put("dir " + name + "/" + name, SandboxBench.utf8(name));
    }
    write(files);
    assertThat(read(files.keySet())).usingRecursiveComparison().isEqualTo(files);
    assertThat(bench().sandbox().list(ListRequest.all(path(""))).files())
        .filteredOn(file -> file.kind() == FileKind.REGULAR)
        .extracting(FileStat::path)
        .containsExactlyInAnyOrderElementsOf(files.keySet().stream().map(this::path).toList());
    bench().sandbox().deleteFiles(files.keySet().stream().map(this::path).toList());
    assertThat(read(files.keySet())).isEmpty();
  }

  @Test
  default void aThousandFilesAreWrittenAndReadAtOnce() throws Exception {
    Map<String, byte[]> files = new HashMap<>();
    for (int i = 0; i < 1000; i++) {
      files.put("d" + i % 10 + "/file" + i, SandboxBench.utf8("content of " + i));
    }
    write(files);
    assertThat(read(files.keySet())).usingRecursiveComparison().isEqualTo(files);
  }

  @Test
  default void aLargeFileIsNotHeldInMemory() throws Exception {
    Content content = new LargeContent(50_000_000);
    String path = path("large");
    bench().sandbox().writeFiles(List.of(FileUpload.regular(path, 0644, content)));
    var digest = ContentHash.digest();
    try (InputStream in = new DigestInputStream(content.open(), digest)) {
      in.transferTo(OutputStream.nullOutputStream());
    }
    ContentHash expected = ContentHash.of(digest);
    try (InputStream in = new DigestInputStream(bench().sandbox().readFile(path), digest)) {
      assertThat(in.transferTo(OutputStream.nullOutputStream())).isEqualTo(content.size());
    }
    assertThat(ContentHash.of(digest)).isEqualTo(expected);
  }

  @Test
  default void modesAreKept() throws Exception {
    Sandbox sandbox = bench().sandbox();
    List<Integer> modes = List.of(0644, 0755, 0600, 0700, 0444);
    List<FileUpload> files = new ArrayList<>();
    modes.forEach(
        mode -> files.add(FileUpload.text(path("m" + Integer.toOctalString(mode)), mode, "x")));
    sandbox.writeFiles(files);
    for (FileStat file : sandbox.list(ListRequest.all(path(""))).files()) {
      assertThat(path("m" + Integer.toOctalString(file.mode()))).isEqualTo(file.path());
    }
  }

  @Test
  default void writingReplacesContentAndMode() throws Exception {
    Sandbox sandbox = bench().sandbox();
    sandbox.writeFiles(List.of(FileUpload.text(path("a"), 0755, "long old content")));
    sandbox.writeFiles(List.of(FileUpload.text(path("a"), 0640, "new")));
    assertThat(read(List.of("a")).get("a")).isEqualTo(SandboxBench.utf8("new"));
    assertThat(sandbox.list(ListRequest.all(path(""))).files())
        .singleElement()
        .satisfies((FileStat file) -> assertThat(file.mode()).isEqualTo(0640));
  }

  @Test
  default void aDirectoryCanBeWrittenAndKeepsWhatIsInIt() throws Exception {
    Sandbox sandbox = bench().sandbox();
    FileUpload directory = new FileUpload(path("d"), FileKind.DIRECTORY, 0755, null, null);
    sandbox.writeFiles(List.of(directory));
    assertThat(sandbox.list(ListRequest.all(path(""))).files())
        .singleElement()
        .satisfies((FileStat file) -> assertThat(file.kind()).isEqualTo(FileKind.DIRECTORY));
    sandbox.writeFiles(List.of(FileUpload.text(path("d/file"), 0644, "kept")));
    sandbox.writeFiles(List.of(directory));
    assertThat(read(List.of("d/file"))).containsKey("d/file");
  }

  @Test
  default void programsAndRuntimeSeeTheSameFiles() throws Exception {
    bench().run(bench().programs().writeFile(path("made"), "by a program"));
    assertThat(read(List.of("made")).get("made")).isEqualTo(SandboxBench.utf8("by a program"));
    bench().sandbox().writeFiles(List.of(FileUpload.text(path("given"), 0644, "old")));
    bench().run(bench().programs().writeFile(path("given"), "by a program"));
    assertThat(read(List.of("given")).get("given")).isEqualTo(SandboxBench.utf8("by a program"));
  }

  @Test
  default void whatDoesNotExistIsNotFoundOrLeftOut() throws Exception {
    Sandbox sandbox = bench().sandbox();
    write(Map.of("there", SandboxBench.utf8("x"), "dir/file", new byte[0]));
    for (String absent : List.of("absent", "absent/deeper", "dir", "there/below")) {
      SandboxBench.assertRefused(
          StandardError.FILE_NOT_FOUND, () -> sandbox.readFile(path(absent)));
    }
    assertThat(read(List.of("absent", "there", "dir", "there/below"))).containsOnlyKeys("there");
    assertThat(read(List.of())).isEmpty();
    sandbox.writeFiles(List.of());
  }

  @Test
  default void deletingRemovesFilesAndTrees() throws Exception {
    Sandbox sandbox = bench().sandbox();
    byte[] content = SandboxBench.utf8("x");
    write(Map.of("a", content, "b", content, "tree/c", content, "tree/deep/d", content));
    sandbox.deleteFiles(List.of(path("a"), path("tree"), path("absent"), path("absent/deeper")));
    assertThat(sandbox.list(ListRequest.all(path(""))).files())
        .extracting(FileStat::path)
        .containsExactly(path("b"));
    sandbox.deleteFiles(List.of());
  }

  private String path(String name) {
    try {
      String workspace = bench().sandbox().paths().workspace();
      return name.isEmpty() ? workspace : workspace + "/" + name;
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private void write(Map<String, byte[]> files) throws Exception {
    List<FileUpload> uploads = new ArrayList<>();
    files.forEach(
        (name, bytes) -> uploads.add(FileUpload.regular(path(name), 0644, Content.of(bytes))));
    bench().sandbox().writeFiles(uploads);
  }

  private Map<String, byte[]> read(Collection<String> names) throws Exception {
    Map<String, byte[]> found = new HashMap<>();
    String workspace = path("");
    bench()
        .sandbox()
        .readFiles(
            names.stream().map(this::path).toList(),
            (path, size, content) -> {
              byte[] bytes = content.readAllBytes();
              assertThat(bytes).hasSize((int) size);
              found.put(path.substring(workspace.length() + 1), bytes);
            });
    return found;
  }
}
