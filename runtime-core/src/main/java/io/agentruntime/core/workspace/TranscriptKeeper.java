package io.agentruntime.core.workspace;

import io.agentruntime.core.sandbox.CommandRunner;
import io.agentruntime.core.secret.MaskingInputStream;
import io.agentruntime.core.secret.SecretMask;
import io.agentruntime.core.store.SessionStorage;
import io.agentruntime.model.workspace.FileKind;
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
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Stores a session's transcript as it grows in its sandbox: only what was added is read and
 * written, and only whole lines, so that what is stored can always be resumed from. One thread at a
 * time.
 */
public final class TranscriptKeeper {
  private static final int CHUNK = 1 << 20;
  private static final int MAX_FILES = 10_000;

  private final SessionStorage storage;
  private final TranscriptSource source;
  private final SecretMask mask;
  private final CommandRunner commands;
  private final Map<String, String> tokens = new HashMap<>();

  /** A keeper of what lies where {@code source} says. */
  public TranscriptKeeper(
      SessionStorage storage, TranscriptSource source, SecretMask mask, CommandRunner commands) {
    this.storage = storage;
    this.source = source;
    this.mask = mask;
    this.commands = commands;
  }

  /** Whether the sandbox holds a transcript that the agent can continue. */
  public boolean existsIn(Sandbox sandbox) throws InterruptedException {
    return switch (source) {
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
  public long save(Sandbox sandbox) throws IOException, InterruptedException {
    long written =
        switch (source) {
          case TranscriptSource.Files files -> saveFiles(sandbox, files);
          case TranscriptSource.Command command -> saveOutput(sandbox, command);
        };
    if (written > 0) {
      storage.transcriptSynced();
    }
    return written;
  }

  private long saveOutput(Sandbox sandbox, TranscriptSource.Command command)
      throws InterruptedException {
    byte[] output = commands.output(sandbox, command.command(), Map.of(), Duration.ofMinutes(2));
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
      long from = storage.transcriptSize(name);
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
    long offset = from;
    boolean lines = name.endsWith(".jsonl");
    try (InputStream in = MaskingInputStream.of(sandbox.readFile(stat.path(), from), mask)) {
      ByteArrayOutputStream line = new ByteArrayOutputStream();
      byte[] buffer = new byte[64 << 10];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        int whole = lines ? lastLineEnd(buffer, n) : n;
        if (whole > 0) {
          line.write(buffer, 0, whole);
          if (line.size() >= CHUNK) {
            offset = write(name, offset, line);
          }
        }
        if (whole < n) {
          if (line.size() > 0 && whole > 0) {
            offset = write(name, offset, line);
          }
          line.write(buffer, Math.max(whole, 0), n - Math.max(whole, 0));
        }
      }
      if (lines) {
        byte[] rest = line.toByteArray();
        int whole = lastLineEnd(rest, rest.length);
        line.reset();
        line.write(rest, 0, Math.max(whole, 0));
      }
      if (line.size() > 0 || from == 0) {
        offset = write(name, offset, line);
      }
    }
    return offset - from;
  }

  private long write(String name, long offset, ByteArrayOutputStream bytes)
      throws InterruptedException {
    byte[] chunk = bytes.toByteArray();
    storage.writeTranscript(name, offset, chunk);
    bytes.reset();
    return offset + chunk.length;
  }

  private static int lastLineEnd(byte[] buffer, int length) {
    for (int i = length - 1; i >= 0; i--) {
      if (buffer[i] == '\n') {
        return i + 1;
      }
    }
    return -1;
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
