// SPDX-License-Identifier: MIT

package io.agentruntime.persistence.jdbc;

import io.agentruntime.model.profile.AgentProfile;
import io.agentruntime.model.session.SessionId;
import io.agentruntime.model.session.SessionRecord;
import io.agentruntime.model.workspace.Content;
import io.agentruntime.model.workspace.ContentHash;
import io.agentruntime.model.workspace.FileKind;
import io.agentruntime.model.workspace.Manifest;
import io.agentruntime.model.workspace.WorkspaceFile;
import io.agentruntime.model.workspace.WorkspacePath;
import io.agentruntime.spi.persistence.AppendBatch;
import io.agentruntime.spi.persistence.FileWrite;
import io.agentruntime.spi.persistence.LeaseEpoch;
import io.agentruntime.spi.persistence.PersistenceAdapter;
import io.agentruntime.spi.persistence.StoredFile;
import io.agentruntime.spi.persistence.TranscriptChunk;
import io.agentruntime.spi.persistence.TranscriptWrite;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;

/**
 * What lies in {@code schema-1.db.gz}, and the program that wrote it: {@code folder}. The file was
 * written once, by the code of the first migration, and is never written again.
 */
final class FirstSchema {
  static final SessionId ID = new SessionId("first-1");
  static final byte[] BYTES = "content ünï \uD83D\uDE80\n".getBytes(StandardCharsets.UTF_8);
  static final AppendBatch SMALL = TestStore.deltas(ID, new LeaseEpoch(1), 0, 50);
  static final AppendBatch LARGE =
      TestStore.deltas(ID, new LeaseEpoch(1), 50, 1, "0123456789".repeat(60_000));
  static final AgentProfile PROFILE = AgentProfile.named("first-profile", "First ünï");
  static final WorkspaceFile FILE =
      new WorkspaceFile(
          new WorkspacePath("bin/run ünï.sh"),
          FileKind.REGULAR,
          0755,
          BYTES.length,
          ContentHash.of(BYTES),
          null);
  static final WorkspaceFile LINK =
      new WorkspaceFile(new WorkspacePath("link"), FileKind.SYMLINK, 0777, 0, null, "../x");
  static final SessionRecord RECORD =
      new SessionRecord(
          ID,
          "claude-agent-sdk",
          "first-profile",
          Map.of("model", "x"),
          Instant.parse("2026-01-01T00:00:00.123456789Z"),
          Instant.parse("2026-01-02T00:00:00Z"),
          "The first ünï",
          Map.of("owner", "somebody"),
          "docker");

  private FirstSchema() {}

  public static void main(String[] args) throws Exception {
    Path folder = Path.of(args[0]);
    try (TestStore store = TestStore.in(folder, Engine.SQLITE)) {
      PersistenceAdapter adapter = store.open();
      adapter.createSessionRecord(RECORD);
      LeaseEpoch epoch =
          adapter.leases().acquire(ID, "first", Duration.ofSeconds(1)).orElseThrow().epoch();
      adapter.events().append(List.of(SMALL, LARGE));
      adapter.saveTranscript(new TranscriptWrite(ID, epoch, "main ünï", null));
      adapter.saveTranscript(new TranscriptWrite(ID, epoch, "sub", "agent-1"));
      adapter.saveWorkspaceFile(new FileWrite(ID, epoch, new StoredFile(FILE, Content.of(BYTES))));
      adapter.transcripts().write(new TranscriptChunk(ID, epoch, "main.jsonl", 0, BYTES));
      adapter.workspaces().put(ID, ContentHash.of(BYTES), Content.of(BYTES));
      adapter.workspaces().saveManifest(ID, epoch, new Manifest(List.of(FILE, LINK)));
      adapter.profiles().save(PROFILE);
    }
    try (OutputStream out =
        new GZIPOutputStream(Files.newOutputStream(folder.resolve("schema-1.db.gz")))) {
      Files.copy(folder.resolve("store.db"), out);
    }
  }
}
