// SPDX-License-Identifier: MIT

package io.agentruntime.testkit.program;

import io.agentruntime.model.profile.AgentProfile;
import io.agentruntime.model.session.SessionId;
import io.agentruntime.model.transcript.Transcript;
import io.agentruntime.spi.architecture.AgentArchitecture;
import io.agentruntime.spi.architecture.ProtocolStart;
import io.agentruntime.testkit.architecture.ProtocolSession;
import io.agentruntime.testkit.architecture.Recording;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;

/**
 * The recordings that are kept of one architecture: a folder for each, with {@code stream.txt} (the
 * inputs, in the form of {@link Recording}), {@code events.txt} (what they must lead to, see {@link
 * #events}) and {@code transcript/} (what the program wrote down). Immutable.
 *
 * @param architecture whose recordings they are
 * @param start the start of the process that was recorded: the same for all
 * @param folder the folder of folders
 */
public record RecordingFolder(AgentArchitecture architecture, ProtocolStart start, Path folder) {
  private static final Instant BEGINNING = Instant.parse("2026-01-01T00:00:00Z");
  private static final String STREAM = "stream.txt";
  private static final String EVENTS = "events.txt";
  private static final String TRANSCRIPT = "transcript";

  /**
   * The folder {@code recordings} at the root of a test's class path. Its recordings are of the
   * first process of one session, whose id the architecture mints, always the same.
   */
  public static RecordingFolder onClassPath(
      Class<?> test,
      AgentArchitecture architecture,
      AgentProfile profile,
      Map<String, Object> options) {
    SessionId session = new SessionId(architecture.newSessionId(BEGINNING, new Random(1)));
    try {
      return new RecordingFolder(
          architecture,
          new ProtocolStart(session, null, profile, options, false, 1, Map.of()),
          Path.of(
              Objects.requireNonNull(test.getResource("/recordings"), "no folder recordings")
                  .toURI()));
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The same architecture's recordings in another folder. */
  public RecordingFolder in(Path other) {
    return new RecordingFolder(architecture, start, other);
  }

  /** All recordings, by name. */
  public List<Recording> all() {
    try (Stream<Path> folders = Files.list(folder)) {
      return folders.sorted().map(each -> named(each.getFileName().toString())).toList();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot list " + folder, e);
    }
  }

  /** One recording. */
  public Recording named(String name) {
    Path place = folder.resolve(name);
    try {
      Path transcript = place.resolve(TRANSCRIPT);
      return Recording.parse(
          name,
          Files.readString(place.resolve(STREAM)),
          Files.exists(transcript)
              ? TranscriptFiles.read(transcript, entry -> true)
              : Transcript.EMPTY);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read the recording " + place, e);
    }
  }

  /** A fresh protocol, as at the start of every recording. */
  public ProtocolSession session() {
    return new ProtocolSession(architecture.protocol(start));
  }

  /** What a recording leads to now: events, outcomes and bytes for standard input, one a line. */
  public String events(Recording recording) {
    ProtocolSession session = session().play(recording.inputs());
    StringBuilder text = new StringBuilder();
    session
        .emissions()
        .forEach(
            emission ->
                text.append(emission.conversationId())
                    .append(' ')
                    .append(emission.event().toString().replace("\n", "\\n"))
                    .append('\n'));
    session.outcomes().forEach(outcome -> text.append("outcome ").append(outcome).append('\n'));
    session.stdin().lines().forEach(line -> text.append("stdin ").append(line).append('\n'));
    return text.toString();
  }

  /** What a recording must lead to. */
  public String golden(Recording recording) throws IOException {
    return Files.readString(folder.resolve(recording.name()).resolve(EVENTS));
  }

  /** Keeps what a recording leads to now as what it must lead to. */
  public void keepEvents(Recording recording) throws IOException {
    Files.writeString(folder.resolve(recording.name()).resolve(EVENTS), events(recording));
  }

  /** Keeps a recording, in place of an older one of its name. */
  public void keep(Recording recording) throws IOException {
    Path place = folder.resolve(recording.name());
    Path transcript = Files.createDirectories(place).resolve(TRANSCRIPT);
    if (Files.exists(transcript)) {
      try (Stream<Path> old = Files.walk(transcript)) {
        for (Path each : old.sorted(java.util.Comparator.reverseOrder()).toList()) {
          Files.delete(each);
        }
      }
    }
    Files.writeString(place.resolve(STREAM), recording.format());
    TranscriptFiles.write(recording.transcript(), transcript);
    keepEvents(recording);
  }
}
