// SPDX-License-Identifier: MIT

package io.agentruntime.testkit.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import io.agentruntime.model.workspace.FileKind;
import io.agentruntime.spi.sandbox.FileStat;
import io.agentruntime.spi.sandbox.FileUpload;
import io.agentruntime.spi.sandbox.ListRequest;
import io.agentruntime.spi.sandbox.Sandbox;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Symbolic links are data: kept, listed, and never followed. */
interface LinkContract extends SandboxTopic {
  @Test
  default void linksAreKeptAsTheyWereWritten() throws Exception {
    Sandbox sandbox = bench().sandbox();
    List<String> targets =
        List.of("file", "absent", "../..", "/etc/passwd", "with space\nline", ".");
    List<FileUpload> links = new ArrayList<>();
    for (int i = 0; i < targets.size(); i++) {
      links.add(link("link" + i, targets.get(i)));
    }
    sandbox.writeFiles(links);
    List<FileStat> found = sandbox.list(ListRequest.all(path(""))).files();
    assertThat(found).hasSameSizeAs(targets).allMatch(file -> file.kind() == FileKind.SYMLINK);
    for (FileStat file : found) {
      int number = Integer.parseInt(file.path().substring(path("link").length()));
      assertThat(file.linkTarget()).isEqualTo(targets.get(number));
    }
  }

  @Test
  default void readingALinkFindsNoFile() throws Exception {
    Sandbox sandbox = bench().sandbox();
    sandbox.writeFiles(
        List.of(FileUpload.text(path("file"), 0644, "secret"), link("link", "file")));
    SandboxBench.assertRefused(StandardError.FILE_NOT_FOUND, () -> sandbox.readFile(path("link")));
    assertThat(read(path("link"))).isEmpty();
  }

  @Test
  default void writingToALinkReplacesTheLink() throws Exception {
    Sandbox sandbox = bench().sandbox();
    sandbox.writeFiles(List.of(FileUpload.text(path("file"), 0644, "old"), link("link", "file")));
    sandbox.writeFiles(List.of(FileUpload.text(path("link"), 0644, "new")));
    assertThat(read(path("file"))).containsExactly("old");
    assertThat(read(path("link"))).containsExactly("new");
    sandbox.writeFiles(List.of(link("file", "link")));
    assertThat(read(path("file"))).isEmpty();
    assertThat(read(path("link"))).containsExactly("new");
  }

  @Test
  default void deletingALinkLeavesWhatItPointsTo() throws Exception {
    Sandbox sandbox = bench().sandbox();
    sandbox.writeFiles(
        List.of(
            FileUpload.text(path("dir/file"), 0644, "kept"),
            link("link", "dir"),
            link("tree/link", "../dir")));
    sandbox.deleteFiles(List.of(path("link"), path("tree")));
    assertThat(read(path("dir/file"))).containsExactly("kept");
    assertThat(sandbox.list(ListRequest.all(path(""))).files()).hasSize(2);
  }

  @Test
  default void listingDoesNotEnterALinkedDirectory() throws Exception {
    Sandbox sandbox = bench().sandbox();
    sandbox.writeFiles(
        List.of(
            FileUpload.text(path("dir/file"), 0644, "x"), link("link", "dir"), link("up", ".")));
    assertThat(sandbox.list(ListRequest.all(path(""))).files())
        .extracting(FileStat::path)
        .containsExactlyInAnyOrder(path("dir"), path("dir/file"), path("link"), path("up"));
  }

  @Test
  default void noOperationLeavesThroughALinkedParent() throws Exception {
    Sandbox sandbox = bench().sandbox();
    String outside = outsideDirectory();
    String name = SandboxBench.unique("intruder");
    sandbox.writeFiles(List.of(link("out", outside)));
    for (String path : List.of(path("out/" + name), path("out/sub/" + name))) {
      assertThatThrownBy(() -> sandbox.writeFiles(List.of(FileUpload.text(path, 0644, "evil"))))
          .isInstanceOf(AgentRuntimeException.class);
    }
    assertThat(read(path("out/" + name))).isEmpty();
    assertThat(read(path("out/passwd"))).isEmpty();
    SandboxBench.assertRefused(
        StandardError.FILE_NOT_FOUND, () -> sandbox.readFile(path("out/passwd")));
    assertThat(sandbox.list(ListRequest.all(path("out"))).files()).isEmpty();
  }

  @Test
  default void aLinkAndAFileBelowItInOneCallDoNotLeaveEither() throws Exception {
    Sandbox sandbox = bench().sandbox();
    String name = SandboxBench.unique("intruder");
    List<FileUpload> files =
        List.of(
            link("out", outsideDirectory()), FileUpload.text(path("out/" + name), 0644, "evil"));
    assertThatThrownBy(() -> sandbox.writeFiles(files)).isInstanceOf(AgentRuntimeException.class);
    assertThat(read(outsideDirectory() + "/" + name)).isEmpty();
  }

  private FileUpload link(String name, String target) {
    return new FileUpload(path(name), FileKind.SYMLINK, 0777, null, target);
  }

  private String path(String name) {
    try {
      String workspace = bench().sandbox().paths().workspace();
      return name.isEmpty() ? workspace : workspace + "/" + name;
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private List<String> read(String path) throws Exception {
    List<String> found = new ArrayList<>();
    bench()
        .sandbox()
        .readFiles(
            List.of(path),
            (name, size, content) -> {
              try (InputStream in = content) {
                found.add(new String(in.readAllBytes(), StandardCharsets.UTF_8));
              }
            });
    return found;
  }
}
