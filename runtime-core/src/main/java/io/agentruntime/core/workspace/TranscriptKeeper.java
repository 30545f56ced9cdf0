// SPDX-License-Identifier: MIT

package io.agentruntime.core.workspace;

import io.agentruntime.core.sandbox.CommandRunner;
import io.agentruntime.core.secret.MaskingInputStream;
import io.agentruntime.core.secret.SecretMask;
import io.agentruntime.core.store.SessionStorage;
import io.agentruntime.model.session.SessionId;
import io.agentruntime.model.workspace.ContentHash;
import io.agentruntime.model.workspace.FileKind;
import io.agentruntime.spi.architecture.TranscriptCodec;
import io.agentruntime.spi.architecture.TranscriptSource;
import io.agentruntime.spi.sandbox.FileStat;
import io.agentruntime.spi.sandbox.ListRequest;
import io.agentruntime.spi.sandbox.Sandbox;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Stores a session's transcript as it grows in its sandbox: only what was added is read and
 * written, and only whole lines, so that what is stored can always be resumed from. One thread at a
 * time.
 */
public final class TranscriptKeeper {
  private static final int CHUNK = 1 << 20;
  private static final int MAX_FILES = 10_000;

  private final SessionStorage storage;
  private final SessionId id;
  private final TranscriptCodec codec;
  private final SecretMask mask;
  private final CommandRunner commands;
  private final Map<String, String> tokens = new HashMap<>();

  /** A keeper of what lies where {@code codec} says. */
  public TranscriptKeeper(
      SessionStorage storage,
      SessionId id,
      TranscriptCodec codec,
      SecretMask mask,
      CommandRunner commands) {
    this.storage = storage;
    this.id = id;
    this.codec = codec;
    this.mask = mask;
    this.commands = commands;
  }

  /** Whether the sandbox holds a transcript that the agent can continue. */
  public boolean existsIn(Sandbox sandbox, @Nullable String nativeId) throws InterruptedException {
    return switch (codec.source(id, nativeId, sandbox.paths())) {
      case TranscriptSource.Files files ->
          list(sandbox, files).stream().anyMatch(stat -> stat.size() > 0);
      case TranscriptSource.Command command -> storage.transcriptSize(command.name()) > 0;
    };
  }

  /**
   * Stores what was added.
   *
   * @return how many bytes were written
   */
  public long save(Sandbox sandbox, @Nullable String nativeId)
      throws IOException, InterruptedException {
    long written =
        switch (codec.source(id, nativeId, sandbox.paths())) {
          case TranscriptSource.Files files -> saveFiles(sandbox, files);
          case TranscriptSource.Command command -> saveOutput(sandbox, command);
        };
    if (written > 0) {
      storage.transcriptSynced();
    }
    return written;
  }

  private long saveOutput(Sandbox sandbox, TranscriptSource.Command command)
      throws IOException, InterruptedException {
    byte[] raw = commands.output(sandbox, command.command(), Map.of(), Duration.ofMinutes(2));
    byte[] output;
    try (InputStream in = MaskingInputStream.of(new java.io.ByteArrayInputStream(raw), mask)) {
      output = in.readAllBytes();
    }
    String hash = ContentHash.of(output).hex();
    if (hash.equals(tokens.put(command.name(), hash))) {
      return 0;
    }
    storage.writeTranscript(command.name(), 0, output);
    return output.length;
  }

  private long saveFiles(Sandbox sandbox, TranscriptSource.Files files)
      throws IOException, InterruptedException {
    long written = 0;
    for (FileStat stat : list(sandbox, files)) {
      String name = stat.path().substring(files.root().length() + 1);
      if (stat.changeToken().equals(tokens.get(name))) {
        continue;
      }
      // Only line files grow at their end alone; others may change anywhere.
      long from = name.endsWith(".jsonl") ? storage.transcriptSize(name) : 0;
      if (stat.size() < from) {
        from = 0;
      }
      written += copy(sandbox, stat, name, from);
      tokens.put(name, stat.changeToken());
    }
    return written;
  }

  private long copy(Sandbox sandbox, FileStat stat, String name, long from)
      throws IOException, InterruptedException {
    boolean lines = name.endsWith(".jsonl");
    long offset = from;
    ByteArrayOutputStream held = new ByteArrayOutputStream();
    boolean writable = false;
    try (InputStream in = MaskingInputStream.of(sandbox.readFile(stat.path(), from), mask)) {
      byte[] buffer = new byte[64 << 10];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        held.write(buffer, 0, n);
        writable |= !lines || lastLineEnd(buffer, n) > 0;
        if (writable && held.size() >= CHUNK) {
          offset = write(name, offset, held, lines);
          writable = false;
        }
      }
    }
    if (writable) {
      offset = write(name, offset, held, lines);
    }
    return offset - from;
  }

  /** Writes what is held, up to the last line end if only whole lines count, and keeps the rest. */
  private long write(String name, long offset, ByteArrayOutputStream held, boolean lines)
      throws InterruptedException {
    byte[] bytes = held.toByteArray();
    int whole = lines ? lastLineEnd(bytes, bytes.length) : bytes.length;
    storage.writeTranscript(name, offset, Arrays.copyOf(bytes, whole));
    held.reset();
    held.write(bytes, whole, bytes.length - whole);
    return offset + whole;
  }

  private static int lastLineEnd(byte[] buffer, int length) {
    for (int i = length - 1; i >= 0; i--) {
      if (buffer[i] == '\n') {
        return i + 1;
      }
    }
    return 0;
  }

  private static List<FileStat> list(Sandbox sandbox, TranscriptSource.Files files)
      throws InterruptedException {
    List<PathMatcher> matchers =
        files.globs().stream()
            .map(glob -> FileSystems.getDefault().getPathMatcher("glob:" + glob))
            .toList();
    return sandbox.list(new ListRequest(files.root(), Set.of(), MAX_FILES)).files().stream()
        .filter(stat -> stat.kind() == FileKind.REGULAR)
        .filter(
            stat -> {
              Path relative = Path.of(stat.path().substring(files.root().length() + 1));
              return matchers.stream().anyMatch(matcher -> matcher.matches(relative));
            })
        .sorted(Comparator.comparing(FileStat::path))
        .toList();
  }
}
