package io.agentruntime.architecture.gemini;

import io.agentruntime.model.profile.PermissionPolicy;
import io.agentruntime.model.session.SessionId;
import io.agentruntime.model.transcript.Transcript;
import io.agentruntime.model.transcript.TranscriptEntry;
import io.agentruntime.spi.architecture.ProtocolStart;
import io.agentruntime.testkit.architecture.Recording;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;

/** The recordings that are kept. */
final class Recordings {
  /** The session that all of them are of. */
  static final SessionId SESSION =
      new SessionId(
          new GeminiArchitecture()
              .newSessionId(Instant.parse("2026-01-01T00:00:00Z"), new Random(1)));

  private Recordings() {}

  /** The start of the process that was recorded. */
  static ProtocolStart start() {
    return new ProtocolStart(
        SESSION, null, Profiles.with(PermissionPolicy.ASK), Scenario.OPTIONS, false, 1, Map.of());
  }

  static List<Recording> all() {
    try (Stream<Path> folders = Files.list(folder())) {
      return folders.sorted().map(Recordings::read).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Recording named(String name) {
    return read(folder().resolve(name));
  }

  static Path folder() {
    try {
      return Path.of(Objects.requireNonNull(Recordings.class.getResource("/recordings")).toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Recording read(Path folder) {
    try {
      List<TranscriptEntry> entries = new ArrayList<>();
      Path transcript = folder.resolve("transcript");
      if (Files.exists(transcript)) {
        try (Stream<Path> files = Files.walk(transcript)) {
          for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
            String name = transcript.relativize(file).toString();
            int index = name.contains("/subagents/") ? entries.size() : 0;
            entries.add(index, new TranscriptEntry(name, Files.readString(file)));
          }
        }
      }
      return Recording.parse(
          folder.getFileName().toString(),
          Files.readString(folder.resolve("stream.txt")),
          new Transcript(entries));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
