// SPDX-License-Identifier: MIT

package io.agentruntime.testkit.architecture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.agentruntime.model.block.Block;
import io.agentruntime.model.transcript.Transcript;
import io.agentruntime.model.transcript.TranscriptEntry;
import io.agentruntime.spi.architecture.AgentArchitecture;
import io.agentruntime.spi.architecture.ProtocolStart;
import io.agentruntime.spi.architecture.TranscriptCodec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * What every transcript codec must do with a transcript that is damaged: it never throws, never
 * hangs, and decodes what stands before the damage as if there were none. Damage is drawn from
 * seeds; a failure names its own.
 */
public interface DamagedTranscriptContract {
  /** The architecture under test. */
  AgentArchitecture architecture();

  /** Recorded processes; some hold their transcripts. */
  List<Recording> recordings();

  /** The start of a protocol. */
  ProtocolStart start(Map<String, Object> snapshot);

  /** How often each transcript is damaged at random. */
  default int triesPerTranscript() {
    return 25;
  }

  /** Whether half a line can be told from a whole one, as in JSON. */
  default boolean linesShowTheirEnd() {
    return true;
  }

  private Stream<DynamicTest> each(Consumer<Recording> test) {
    return recordings().stream()
        .filter(recording -> !recording.transcript().isEmpty())
        .map(
            recording ->
                DynamicTest.dynamicTest(
                    recording.name(),
                    () ->
                        assertTimeoutPreemptively(
                            DamagedStreamContract.HANGS, () -> test.accept(recording))));
  }

  @TestFactory
  default Stream<DynamicTest> aTranscriptThatBreaksOffInALineIsDecodedUpToIt() {
    return each(
        recording -> {
          List<TranscriptEntry> entries = recording.transcript().entries();
          for (int entry = 0; entry < entries.size(); entry++) {
            List<String> lines = entries.get(entry).content().lines().toList();
            for (int cut = 0; cut < lines.size(); cut++) {
              Transcript whole = with(entries, entry, lines.subList(0, cut));
              List<String> more = new ArrayList<>(lines.subList(0, cut));
              more.add(lines.get(cut).substring(0, lines.get(cut).length() / 2));
              Transcript broken = with(entries, entry, more);
              if (linesShowTheirEnd() && lines.size() > 1) {
                assertThat(decoded(broken)).as("cut in line %d", cut).isEqualTo(decoded(whole));
              } else {
                assertRestored(broken);
              }
            }
          }
        });
  }

  @TestFactory
  default Stream<DynamicTest> aDamagedTranscriptDoesNoHarm() {
    return each(
        recording -> {
          for (int i = 0; i < triesPerTranscript(); i++) {
            long seed = recording.name().hashCode() * 31L + i;
            try {
              damaged(recording.transcript().entries(), seed);
            } catch (RuntimeException | AssertionError | StackOverflowError e) {
              throw new AssertionError("damage of seed " + seed + " did harm: " + e, e);
            }
          }
        });
  }

  private void damaged(List<TranscriptEntry> entries, long seed) {
    Random random = new Random(seed);
    int entry = random.nextInt(entries.size());
    List<String> lines = entries.get(entry).content().lines().toList();
    int from = random.nextInt(lines.size() + 1);
    List<String> more = new ArrayList<>(lines.subList(0, from));
    more.addAll(new LineDamage(seed).of(lines.subList(from, lines.size())));
    Transcript broken = with(entries, entry, more);
    assertRestored(broken);
  }

  /** It decodes, and the stored form of it decodes to the same. */
  private void assertRestored(Transcript transcript) {
    TranscriptCodec codec = architecture().transcripts();
    Transcript back = codec.fromStored(start(Map.of()).sessionId(), codec.toStored(transcript));
    assertThat(codec.decode(back).blocks()).isEqualTo(decoded(transcript));
  }

  private List<Block> decoded(Transcript transcript) {
    return architecture().transcripts().decode(transcript).blocks();
  }

  private static Transcript with(List<TranscriptEntry> entries, int index, List<String> lines) {
    List<TranscriptEntry> changed = new ArrayList<>(entries);
    String content = lines.isEmpty() ? "" : String.join("\n", lines) + "\n";
    changed.set(index, new TranscriptEntry(entries.get(index).name(), content));
    return new Transcript(changed);
  }
}
