// SPDX-License-Identifier: MIT

package io.agentruntime.persistence.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentruntime.model.event.EventEnvelope;
import io.agentruntime.model.session.SessionId;
import io.agentruntime.spi.persistence.EventPage;
import io.agentruntime.spi.persistence.LeaseEpoch;
import io.agentruntime.spi.persistence.PersistenceAdapter;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A writing process is killed again and again, after a random number of acknowledgements. The
 * number of kills is {@code AGENT_RUNTIME_KILLS}, the seed {@code AGENT_RUNTIME_SEED}.
 */
final class CrashIT {
  private static final int KILLS = number("AGENT_RUNTIME_KILLS", 4);
  private static final int SEED = number("AGENT_RUNTIME_SEED", 4711);

  private @TempDir Path folder;

  private static int number(String variable, int whenAbsent) {
    return Integer.parseInt(
        Objects.requireNonNullElse(System.getenv(variable), String.valueOf(whenAbsent)));
  }

  @ParameterizedTest
  @EnumSource(names = {"SQLITE", "H2"})
  void nothingAcknowledgedIsLostAndNothingIsThereTwice(Engine engine)
      throws IOException, InterruptedException {
    Random random = new Random(SEED);
    for (int kill = 0; kill < KILLS; kill++) {
      long[] acknowledged = writeUntilKilled(engine, 1 + random.nextInt(200));
      try (TestStore store = TestStore.in(folder, engine)) {
        check(store.open(), acknowledged);
      }
    }
  }

  /** The last numbers of the sessions' logs and the transcript's size that were acknowledged. */
  private long[] writeUntilKilled(Engine engine, int acknowledgements)
      throws IOException, InterruptedException {
    Process writer =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                CrashedWriter.class.getName(),
                folder.toString(),
                engine.name())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (BufferedReader out =
        new BufferedReader(
            new InputStreamReader(writer.getInputStream(), StandardCharsets.UTF_8))) {
      String last = null;
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        if (line.startsWith("acknowledged") && line.endsWith(" .")) {
          last = line;
          if (--acknowledgements == 0) {
            // Not destroyForcibly() of the process, which closes what is still to be read.
            writer.toHandle().destroyForcibly();
          }
        }
      }
      assertThat(writer.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(writer.exitValue()).as("killed, not failed").isEqualTo(137);
      String[] words = Objects.requireNonNull(last, "it acknowledged nothing").split(" ");
      return Arrays.stream(words, 1, words.length - 1).mapToLong(Long::parseLong).toArray();
    } finally {
      writer.destroyForcibly();
    }
  }

  private static void check(PersistenceAdapter adapter, long[] acknowledged)
      throws IOException, InterruptedException {
    for (int i = 0; i < CrashedWriter.SESSIONS; i++) {
      SessionId id = CrashedWriter.session(i);
      long last = adapter.events().last(id);
      assertThat(last).isGreaterThanOrEqualTo(acknowledged[i]);
      long next = 1;
      while (next <= last) {
        EventPage page = adapter.events().read(id, next - 1, 1000);
        for (EventEnvelope event : page.events()) {
          assertThat(event)
              .isEqualTo(TestStore.deltas(id, LeaseEpoch.NONE, next - 1, 1).events().getFirst());
          next++;
        }
      }
      assertThat(adapter.events().read(id, last, 10).events()).isEmpty();
    }
    long size = acknowledged[CrashedWriter.SESSIONS];
    assertThat(adapter.transcripts().list(CrashedWriter.session(0)).getFirst().size())
        .isGreaterThanOrEqualTo(size);
    try (InputStream in = adapter.transcripts().open(CrashedWriter.session(0), "t", 0)) {
      List<String> lines = new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
      assertThat(lines).allMatch(line -> line.matches("line [0-9]+"));
    }
  }
}
