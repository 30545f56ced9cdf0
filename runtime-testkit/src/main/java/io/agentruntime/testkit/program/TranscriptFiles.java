// SPDX-License-Identifier: MIT

package io.agentruntime.testkit.program;

import io.agentruntime.model.transcript.Transcript;
import io.agentruntime.model.transcript.TranscriptEntry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** A transcript in a folder of files. */
final class TranscriptFiles {
  private TranscriptFiles() {}

  /** The wanted files, those nearest to the folder first; names are relative to it. */
  static Transcript read(Path folder, Predicate<Path> wanted) throws IOException {
    List<TranscriptEntry> entries = new ArrayList<>();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file :
          files
              .filter(Files::isRegularFile)
              .sorted(
                  Comparator.comparing(Path::getNameCount).thenComparing(Comparator.naturalOrder()))
              .toList()) {
        Path name = folder.relativize(file);
        if (wanted.test(name)) {
          // What a program left half written is decoded, not refused.
          String content = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
          entries.add(new TranscriptEntry(name.toString(), content));
        }
      }
    }
    return new Transcript(entries);
  }

  static void write(Transcript transcript, Path folder) throws IOException {
    for (TranscriptEntry entry : transcript.entries()) {
      Path file = folder.resolve(entry.name());
      Files.createDirectories(file.getParent());
      Files.writeString(file, entry.content());
    }
  }
}
