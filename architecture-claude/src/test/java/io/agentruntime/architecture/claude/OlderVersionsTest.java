// SPDX-License-Identifier: MIT

package io.agentruntime.architecture.claude;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentruntime.model.block.Block;
import io.agentruntime.model.block.ToolStatus;
import io.agentruntime.model.conversation.Conversation;
import io.agentruntime.model.conversation.SubagentConversation;
import io.agentruntime.model.transcript.Transcript;
import io.agentruntime.model.transcript.TranscriptEntry;
import io.agentruntime.model.turn.TurnOutcome;
import io.agentruntime.testkit.architecture.ProtocolInput;
import io.agentruntime.testkit.architecture.ProtocolSession;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * What older versions of the program wrote: no state or life-cycle lines, {@code Task} as the tool
 * that starts subagents, their transcripts beside the session's without a description.
 */
class OlderVersionsTest {
  private static final String CALL =
      """
      {"type":"assistant","message":{"id":"m1","role":"assistant","model":"m","content":[{"type":"tool_use","id":"t1","name":"Task","input":{"description":"d","prompt":"do it","subagent_type":"general-purpose"}}]},"parent_tool_use_id":null,"uuid":"a1"}\
      """;
  private static final String RESULT =
      """
      {"type":"user","message":{"role":"user","content":[{"type":"tool_result","tool_use_id":"t1","content":[{"type":"text","text":"did it"}]}]},"parent_tool_use_id":null,"uuid":"u2"}\
      """;
  private static final String END =
      """
      {"type":"result","subtype":"success","is_error":false,"result":"did it","num_turns":2,"total_cost_usd":0.5,"usage":{"input_tokens":3,"output_tokens":4}}\
      """;

  private static ProtocolSession session() {
    ProtocolSession session = Recordings.FOLDER.session();
    session.apply(new ProtocolInput.Start());
    session.apply(ProtocolInput.Turn.of("3a3a3a3a-0000-4000-8000-000000000001", "go"));
    return session;
  }

  private static ProtocolInput line(String text) {
    return new ProtocolInput.Line(text);
  }

  @Test
  void aResultEndsTheTurnWhereNothingElseTellsOfIt() {
    ProtocolSession session = session();
    session.apply(line(END));
    assertThat(session.outcomes()).containsExactly(new TurnOutcome.Completed());
    assertThat(session.conversation().metadata().costUsd()).isEqualByComparingTo("0.5");
    session.apply(ProtocolInput.Turn.of("3a3a3a3a-0000-4000-8000-000000000002", "again"));
    session.apply(line(END.replace("0.5", "0.75")));
    assertThat(session.outcomes()).hasSize(2);
    assertThat(session.conversation().metadata().costUsd()).isEqualByComparingTo("0.75");
  }

  @Test
  void aSubagentIsOneUnderBothNamesOfItsTool() {
    for (String name : List.of("Task", "Agent")) {
      ProtocolSession session = session();
      session.apply(line(CALL.replace("Task", name)));
      session.apply(line(RESULT));
      SubagentConversation subagent = session.conversation().subagents().getFirst();
      assertThat(subagent.id().value()).isEqualTo("t1");
      assertThat(subagent.status()).isEqualTo(ToolStatus.SUCCESS);
      assertThat(subagent.output()).isEqualTo("did it");
      assertThat(session.conversation().blocks())
          .filteredOn(Block.Subagent.class::isInstance)
          .singleElement()
          .extracting(block -> block.id().value())
          .isEqualTo("subagent-block-t1");
    }
  }

  private static String record(String line) {
    return line.replace("\"parent_tool_use_id\":null,", "") + "\n";
  }

  @Test
  void aSubagentsFileBesideTheSessionsIsFoundByWhatItWasTold() {
    Transcript transcript =
        new Transcript(
            List.of(
                new TranscriptEntry("-workspace/s.jsonl", record(CALL) + record(RESULT)),
                new TranscriptEntry(
                    "-workspace/agent-77.jsonl",
                    """
                    {"type":"user","isSidechain":true,"agentId":"77","message":{"role":"user","content":"do it"},"uuid":"s1"}
                    {"type":"assistant","isSidechain":true,"agentId":"77","message":{"id":"m9","role":"assistant","model":"m","content":[{"type":"text","text":"doing"}]},"uuid":"s2"}
                    """)));
    Conversation conversation = new ClaudeTranscripts().decode(transcript);
    SubagentConversation subagent = conversation.subagents().getFirst();
    assertThat(conversation.subagents()).hasSize(1);
    assertThat(subagent.id().value()).isEqualTo("t1");
    assertThat(subagent.blocks())
        .extracting(block -> block.id().value())
        .containsExactly("prompt-t1", "m9-0");
  }

  @Test
  void aSubagentThatNobodyStartedKeepsItsConversation() {
    Transcript transcript =
        new Transcript(
            List.of(
                new TranscriptEntry("-workspace/s.jsonl", ""),
                new TranscriptEntry(
                    "-workspace/agent-agent-77.jsonl",
                    "{\"type\":\"user\",\"message\":{\"role\":\"user\",\"content\":\"alone\"},"
                        + "\"uuid\":\"s1\"}\n")));
    SubagentConversation subagent =
        new ClaudeTranscripts().decode(transcript).subagents().getFirst();
    assertThat(subagent.id().value()).isEqualTo("agent-77");
    assertThat(subagent.agentId()).isEqualTo("77");
    assertThat(subagent.blocks()).hasSize(1);
  }

  @Test
  void thinkingAndTextOfOneMessageHaveDifferentIdsAlsoWithoutIndexes() {
    Transcript transcript =
        new Transcript(
            List.of(
                new TranscriptEntry(
                    "s.jsonl",
                    """
                    {"type":"assistant","message":{"id":"m1","model":"m","content":[{"type":"thinking","thinking":"hm"}]},"uuid":"a"}
                    {"type":"assistant","message":{"id":"m1","model":"m","content":[{"type":"text","text":"so"}]},"uuid":"b","timestamp":"2026-01-01T00:00:00Z"}
                    """)));
    List<Block> blocks = new ClaudeTranscripts().decode(transcript).blocks();
    assertThat(blocks).extracting(block -> block.id().value()).containsExactly("m1-0", "m1-1");
    assertThat(blocks.getLast().header().at()).isEqualTo("2026-01-01T00:00:00Z");
  }

  @Test
  void aToolWithoutAnAnswerWasCutOff() {
    Conversation conversation =
        new ClaudeTranscripts()
            .decode(
                new Transcript(
                    List.of(new TranscriptEntry("s.jsonl", record(CALL.replace("Task", "Bash"))))));
    assertThat(((Block.ToolUse) conversation.blocks().getFirst()).tool())
        .isEqualTo(ToolStatus.ERROR);
  }

  @Test
  void aUsersTextAboutSkillsStaysTheUsers() {
    Conversation conversation =
        new ClaudeTranscripts()
            .decode(
                new Transcript(
                    List.of(
                        new TranscriptEntry(
                            "s.jsonl",
                            "{\"type\":\"user\",\"message\":{\"role\":\"user\",\"content\":\"Skill\\n"
                                + "# heading\"},\"uuid\":\"u\",\"promptSource\":\"sdk\"}"))));
    assertThat(conversation.blocks().getFirst()).isInstanceOf(Block.UserMessage.class);
  }
}
