// SPDX-License-Identifier: MIT

package io.agentruntime.architecture.claude;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.model.session.SessionId;
import io.agentruntime.model.transcript.StoredTranscript;
import io.agentruntime.model.transcript.Transcript;
import io.agentruntime.model.transcript.TranscriptEntry;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Stored forms, also those of the reference implementation and what its defects left behind. */
class CombinedTranscriptTest {
  private static final String ID = "11111111-1111-4111-8111-111111111111";
  private final ClaudeTranscripts codec = new ClaudeTranscripts();

  private Transcript read(String raw, Map<String, String> subagents) {
    return codec.fromStored(new SessionId(ID), new StoredTranscript(raw, subagents));
  }

  private Transcript read(String raw) {
    return read(raw, Map.of());
  }

  private static TranscriptEntry main(String content) {
    return new TranscriptEntry(ID + ".jsonl", content);
  }

  private static TranscriptEntry subagent(String agent, String content) {
    return new TranscriptEntry(ID + "/subagents/agent-" + agent + ".jsonl", content);
  }

  @Test
  void bareLinesAreTheSessionsOwnFile() {
    String lines = "{\"type\":\"user\",\"uuid\":\"u\"}\n{\"type\":\"assistant\"}\n";
    assertThat(read(lines).entries()).containsExactly(main(lines));
  }

  @Test
  void theCombinedFormIsTakenApart() {
    assertThat(
            read("{\"main\":\"a\\n"
                    + "b\\n"
                    + "\",\"subagents\":[{\"id\":\"agent-x\",\"transcript\":\"c\"}]}")
                .entries())
        .containsExactly(main("a\nb\n"), subagent("x", "c"));
  }

  @Test
  void aPrefixThatEachRestoreRepeatedIsTakenOffAgain() {
    assertThat(
            read("{\"main\":\"a\",\"subagents\":["
                    + "{\"id\":\"agent-agent-agent-x\",\"transcript\":\"c\"}]}")
                .entries())
        .containsExactly(main("a"), subagent("x", "c"));
  }

  @Test
  void subagentsThatWereSavedOnTheirOwnAreJoined() {
    assertThat(read("lines", Map.of("agent-x", "c")).entries())
        .containsExactly(main("lines"), subagent("x", "c"));
  }

  @Test
  void nothingStoredIsNoPast() {
    assertThat(read("")).isEqualTo(Transcript.EMPTY);
    assertThat(read("{\"main\":\"\",\"subagents\":[]}").isEmpty()).isTrue();
  }

  @Test
  void aTornStoredFormIsAnErrorAndNotAnEmptyPast() {
    assertThatThrownBy(() -> read("{\"main\":\"a\\nb"))
        .isInstanceOfSatisfying(
            AgentRuntimeException.class,
            e -> assertThat(e.code().name()).isEqualTo("STORE_CORRUPT"));
  }

  @Test
  void namesThatLeaveTheFolderAreLeftOut() {
    assertThat(
            read("{\"main\":\"a\",\"subagents\":[],\"files\":["
                    + "{\"name\":\"../../x\",\"content\":\"evil\"},"
                    + "{\"name\":\"/etc/x\",\"content\":\"evil\"},"
                    + "{\"name\":\"memory/notes.md\",\"content\":\"fine\"}]}")
                .entries())
        .containsExactly(main("a"), new TranscriptEntry("memory/notes.md", "fine"));
  }

  @Test
  void writtenAndReadItIsTheSameWithoutTheOldFolder() {
    Transcript transcript =
        new Transcript(
            List.of(
                new TranscriptEntry("-workspace/" + ID + ".jsonl", "a\n"),
                new TranscriptEntry("-workspace/" + ID + "/subagents/agent-x.jsonl", "b\n"),
                new TranscriptEntry("-workspace/" + ID + "/subagents/agent-x.meta.json", "{}"),
                new TranscriptEntry("-workspace/agent-y.jsonl", "c\n")));
    StoredTranscript stored = codec.toStored(transcript);
    assertThat(stored.raw()).startsWith("{\"main\":\"a\\n\",\"subagents\":[{\"id\":\"agent-x\"");
    assertThat(read(stored.raw()).entries())
        .containsExactly(
            main("a\n"),
            subagent("x", "b\n"),
            subagent("y", "c\n"),
            new TranscriptEntry(ID + "/subagents/agent-x.meta.json", "{}"));
  }
}
