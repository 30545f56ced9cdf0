// SPDX-License-Identifier: MIT

package io.agentruntime.support.json;

import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.model.workspace.ContentHash;
import io.agentruntime.model.workspace.FileKind;
import io.agentruntime.model.workspace.Manifest;
import io.agentruntime.model.workspace.WorkspaceFile;
import io.agentruntime.model.workspace.WorkspacePath;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Workspace files and manifests, without contents, as JSON-like maps. Stateless. */
public final class FileMaps {
  private FileMaps() {}

  /** {@code {path, kind, mode, size, hash?, linkTarget?}}. */
  public static Map<String, Object> write(WorkspaceFile file) {
    return new MapWriter()
        .put("path", file.path().value())
        .put("kind", file.kind())
        .put("mode", file.mode())
        .put("size", file.size())
        .put("hash", file.hash() == null ? null : file.hash().hex())
        .put("linkTarget", file.linkTarget())
        .done();
  }

  /**
   * Reads what {@link #write(WorkspaceFile)} wrote.
   *
   * @throws AgentRuntimeException {@code STORE_CORRUPT} naming the field
   */
  public static WorkspaceFile read(Map<String, ?> map) {
    return Stored.read("file", () -> read(new Fields("", map)));
  }

  /** {@code {files: [...]}}. */
  public static Map<String, Object> write(Manifest manifest) {
    return Map.of("files", manifest.files().stream().map(FileMaps::write).toList());
  }

  /**
   * Reads what {@link #write(Manifest)} wrote.
   *
   * @throws AgentRuntimeException {@code STORE_CORRUPT} naming the field
   */
  public static Manifest readManifest(Map<String, ?> map) {
    return Stored.read(
        "manifest",
        () -> {
          List<WorkspaceFile> files = new ArrayList<>();
          for (Fields file : new Fields("", map).objects("files")) {
            files.add(read(file));
          }
          return new Manifest(files);
        });
  }

  static WorkspaceFile read(Fields fields) {
    WorkspacePath path = fields.parsed("path", WorkspacePath::new);
    FileKind kind = fields.choice("kind", FileKind.class);
    int mode = fields.smallNumber("mode");
    long size = fields.number("size");
    ContentHash hash = fields.optionalParsed("hash", ContentHash::new);
    String linkTarget = fields.optionalText("linkTarget");
    return fields.at("kind", () -> new WorkspaceFile(path, kind, mode, size, hash, linkTarget));
  }
}
