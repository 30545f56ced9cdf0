// SPDX-License-Identifier: MIT

package io.agentruntime.sandbox.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import io.agentruntime.spi.sandbox.FileListing;
import io.agentruntime.spi.sandbox.FileStat;
import io.agentruntime.spi.sandbox.FileUpload;
import io.agentruntime.spi.sandbox.ListRequest;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files by programs that really run, here. Contract suites of providers hold all the rest. */
class SandboxFilesTest {
  private final ExecChannel channel = new ThisMachine();
  private final SandboxFiles files = new SandboxFiles(channel);

  @TempDir Path folder;

  @Test
  void whatIsWrittenIsListedReadAndDeleted() throws Exception {
    String one = folder + "/a/one\ntwo";
    String other = folder + "/b";
    files.write(List.of(FileUpload.text(one, 0640, "1"), FileUpload.text(other, 0600, "22")));

    FileListing listing =
        FileLister.list(channel, new ListRequest(folder.toString(), Set.of(), 100));
    assertThat(listing.files())
        .extracting(FileStat::path)
        .containsExactlyInAnyOrder(folder + "/a", one, other);
    Map<String, String> read = new HashMap<>();
    files.read(
        List.of(one, other, folder + "/missing"),
        (path, size, content) ->
            read.put(
                path, size + ":" + new String(content.readAllBytes(), StandardCharsets.UTF_8)));
    assertThat(read).isEqualTo(Map.of(one, "1:1", other, "2:22"));

    files.delete(List.of(one, folder + "/missing"));
    assertThat(Path.of(one)).doesNotExist();
    assertThat(Path.of(other)).exists();
  }

  @Test
  void oneFileIsAStreamThatEndsItsProgram() throws Exception {
    String path = folder + "/file";
    files.write(List.of(FileUpload.text(path, 0600, "text")));

    try (InputStream in = files.open(path)) {
      assertThat(in.readAllBytes()).asString().isEqualTo("text");
    }
    assertThatThrownBy(() -> files.open(folder + "/missing"))
        .isInstanceOfSatisfying(
            AgentRuntimeException.class,
            e -> assertThat(e.code()).isEqualTo(StandardError.FILE_NOT_FOUND));
  }

  @Test
  void aFolderThatALinkLeadsAstrayIsRefusedBeforeAnythingIsWritten() throws Exception {
    Files.createSymbolicLink(folder.resolve("link"), Path.of("/proc"));

    assertThatThrownBy(
            () ->
                files.write(
                    List.of(
                        FileUpload.text(folder + "/good", 0600, "x"),
                        FileUpload.text(folder + "/link/bad", 0600, "x"))))
        .hasMessageContaining("no link leads elsewhere")
        .hasMessageContaining("/link");
    assertThat(folder.resolve("good")).doesNotExist();
  }

  @Test
  void aListingOfMoreThanIsWantedSaysSo() throws Exception {
    files.write(
        List.of(
            FileUpload.text(folder + "/a", 0600, "x"), FileUpload.text(folder + "/b", 0600, "x")));

    FileListing listing = FileLister.list(channel, new ListRequest(folder.toString(), Set.of(), 1));

    assertThat(listing.files()).hasSize(1);
    assertThat(listing.truncated()).isTrue();
  }

  @Test
  void aProgramThatFailsIsToldWithItsReason() {
    ExecCommand command = ExecCommand.script("echo because >&2; exit 7");

    assertThatThrownBy(() -> channel.runWell("try", command, new byte[0]))
        .isInstanceOfSatisfying(
            AgentRuntimeException.class,
            e -> assertThat(e.code()).isEqualTo(StandardError.SANDBOX_FAILED))
        .hasMessage("Cannot try in sandbox this-machine: because");
  }
}
