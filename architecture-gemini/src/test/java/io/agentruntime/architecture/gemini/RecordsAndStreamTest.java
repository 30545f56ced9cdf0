// SPDX-License-Identifier: MIT

package io.agentruntime.architecture.gemini;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentruntime.model.block.Block;
import io.agentruntime.model.block.BlockStatus;
import io.agentruntime.testkit.architecture.ProtocolInput;
import io.agentruntime.testkit.architecture.ProtocolSession;
import io.agentruntime.testkit.architecture.Recording;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Records complete the stream, whenever they come. */
class RecordsAndStreamTest {
  private static final String RECORD = "_agent-runtime/record";

  private static ProtocolSession session() {
    return Recordings.FOLDER.session();
  }

  private static String chunk(String text) {
    return "{\"jsonrpc\":\"2.0\",\"method\":\"session/update\",\"params\":{\"update\":"
        + "{\"sessionUpdate\":\"agent_message_chunk\",\"content\":{\"text\":\""
        + text
        + "\"}}}}";
  }

  private static String message(String id, String text) {
    return "{\"jsonrpc\":\"2.0\",\"method\":\""
        + RECORD
        + "\",\"params\":{\"file\":\"main\",\"record\":{\"id\":\""
        + id
        + "\",\"type\":\"gemini\",\"content\":\""
        + text
        + "\"}}}";
  }

  private static ProtocolSession play(String... duringTheTurn) {
    ProtocolSession session = session();
    session.apply(new ProtocolInput.Start());
    session.apply(ProtocolInput.Turn.of("m1", "Hello"));
    List<String> lines = new ArrayList<>();
    lines.add("{\"id\":1,\"result\":{}}");
    lines.add("{\"id\":2,\"result\":{\"sessionId\":\"s1\"}}");
    lines.add("{\"id\":3,\"result\":{}}");
    lines.addAll(List.of(duringTheTurn));
    lines.add("{\"id\":4,\"result\":{\"stopReason\":\"end_turn\"}}");
    lines.forEach(line -> session.apply(new ProtocolInput.Line(line)));
    return session;
  }

  private static List<String> texts(ProtocolSession session) {
    return session.conversation().blocks().stream()
        .filter(Block.AssistantText.class::isInstance)
        .map(block -> block.status() + " " + ((Block.AssistantText) block).text())
        .toList();
  }

  @Test
  void aTextThatTheProgramBeganAgainStandsBesideWhatItKept() {
    assertThat(texts(play(chunk("a be"), chunk("a beginning"), message("r1", "a beginning"))))
        .containsExactly(BlockStatus.ERROR + " a bea beginning", "COMPLETE a beginning");
  }

  @Test
  void aRecordBeforeItsTextChangesNothing() {
    assertThat(texts(play(message("r1", "a beginning"), chunk("a be"), chunk("ginning "))))
        .containsExactly("COMPLETE a beginning ");
  }

  @Test
  void aTextThatWasNeverStreamedIsTold() {
    assertThat(texts(play(message("r1", "unheard")))).containsExactly("COMPLETE unheard");
  }

  @Test
  void recordsThatComeAllTooEarlyLeadToTheSameConversation() {
    for (Recording recording : Recordings.FOLDER.all()) {
      ProtocolSession inOrder = session().play(recording.inputs());
      ProtocolSession early = session().play(recordsFirst(recording.inputs()));
      assertThat(Parity.of(early.conversation()).main())
          .as(recording.name())
          .isEqualTo(Parity.of(inOrder.conversation()).main());
    }
  }

  /** Each record moved before the lines that stand directly before it. */
  private static List<ProtocolInput> recordsFirst(List<ProtocolInput> inputs) {
    List<ProtocolInput> moved = new ArrayList<>(inputs);
    for (int i = 1; i < moved.size(); i++) {
      int at = i;
      for (int steps = 0;
          steps < 3 && isRecord(moved.get(at)) && isUpdate(moved.get(at - 1));
          steps++) {
        moved.add(at - 1, moved.remove(at));
        at--;
      }
    }
    return moved;
  }

  private static boolean isRecord(ProtocolInput input) {
    return input instanceof ProtocolInput.Line line && line.text().contains(RECORD);
  }

  private static boolean isUpdate(ProtocolInput input) {
    return input instanceof ProtocolInput.Line line && line.text().contains("session/update");
  }
}
