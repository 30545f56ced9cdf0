// SPDX-License-Identifier: MIT

package io.agentruntime.testkit.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentruntime.model.conversation.Conversation;
import io.agentruntime.model.session.SessionId;
import io.agentruntime.model.transcript.StoredTranscript;
import io.agentruntime.model.transcript.Transcript;
import io.agentruntime.model.transcript.TranscriptEntry;
import io.agentruntime.spi.architecture.AgentArchitecture;
import io.agentruntime.spi.architecture.ProtocolStart;
import io.agentruntime.spi.architecture.TranscriptCodec;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** What every transcript codec must do. */
public interface TranscriptContract {
  /** The architecture under test. */
  AgentArchitecture architecture();

  /** Recorded processes; some hold their transcripts. */
  List<Recording> recordings();

  /** The start of a protocol. */
  ProtocolStart start(Map<String, Object> snapshot);

  /** The part of a conversation that stream and transcript must have in common; documented. */
  default Object comparable(Conversation conversation) {
    return ComparableConversation.of(
        conversation, blocks -> blocks.stream().map(ComparableConversation::timeless).toList());
  }

  private Stream<Recording> kept() {
    return recordings().stream().filter(recording -> !recording.transcript().isEmpty());
  }

  @TestFactory
  default Stream<DynamicTest> theFoldedStreamIsTheDecodedTranscript() {
    return kept()
        .map(
            recording ->
                DynamicTest.dynamicTest(
                    recording.name(),
                    () -> {
                      Conversation folded =
                          new ProtocolSession(architecture().protocol(start(Map.of())))
                              .play(recording.inputs())
                              .conversation();
                      Conversation decoded =
                          architecture().transcripts().decode(recording.transcript());
                      FirstDifference.at("conversation", comparable(decoded), comparable(folded))
                          .ifPresent(Assertions::fail);
                    }));
  }

  @TestFactory
  default Stream<DynamicTest> theStoredFormLosesNothingOfTheConversation() {
    return kept()
        .map(
            recording ->
                DynamicTest.dynamicTest(
                    recording.name(),
                    () -> {
                      TranscriptCodec codec = architecture().transcripts();
                      StoredTranscript stored = codec.toStored(recording.transcript());
                      Transcript back = codec.fromStored(start(Map.of()).sessionId(), stored);
                      assertThat(codec.decode(back))
                          .isEqualTo(codec.decode(recording.transcript()));
                      assertThat(codec.toStored(back)).isEqualTo(stored);
                    }));
  }

  @TestFactory
  default Stream<DynamicTest> garbageInATranscriptIsSkipped() {
    return kept()
        .map(
            recording ->
                DynamicTest.dynamicTest(
                    recording.name(),
                    () -> {
                      List<TranscriptEntry> dirty =
                          recording.transcript().entries().stream()
                              .map(TranscriptContract::withGarbage)
                              .toList();
                      TranscriptCodec codec = architecture().transcripts();
                      assertThat(codec.decode(new Transcript(dirty)))
                          .isEqualTo(codec.decode(recording.transcript()));
                    }));
  }

  private static TranscriptEntry withGarbage(TranscriptEntry entry) {
    if (entry.content().indexOf('\n') < 0) {
      return entry;
    }
    StringBuilder dirty = new StringBuilder();
    int next = 0;
    for (String line : entry.content().lines().toList()) {
      dirty.append(line).append('\n');
      String garbage = ProtocolContract.GARBAGE.get(next++ % ProtocolContract.GARBAGE.size());
      dirty.append(garbage).append('\n');
    }
    return new TranscriptEntry(entry.name(), dirty.toString());
  }

  @Test
  default void aSessionWithoutAPastHasAnEmptyTranscriptInEveryForm() {
    TranscriptCodec codec = architecture().transcripts();
    SessionId id = start(Map.of()).sessionId();
    assertThat(codec.decode(Transcript.EMPTY).blocks()).isEmpty();
    assertThat(codec.toStored(Transcript.EMPTY)).isEqualTo(new StoredTranscript("", Map.of()));
    assertThat(codec.fromStored(id, new StoredTranscript("", Map.of())).isEmpty()).isTrue();
  }
}
