// SPDX-License-Identifier: MIT

package io.agentruntime.architecture.acp;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentruntime.architecture.support.json.Json;
import io.agentruntime.architecture.support.protocol.Emitter;
import io.agentruntime.model.block.Block;
import io.agentruntime.model.block.BlockStatus;
import io.agentruntime.model.block.ToolStatus;
import io.agentruntime.model.conversation.ConversationFold;
import io.agentruntime.model.conversation.ConversationMetadata;
import io.agentruntime.model.event.SessionEvent.Unknown;
import io.agentruntime.model.profile.AgentProfile;
import io.agentruntime.model.session.SessionId;
import io.agentruntime.spi.architecture.ProtocolStart;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Updates that no recording holds: what other programs may say. */
class GenericConversationTest {
  private final Emitter out = new Emitter();
  private final GenericConversation conversation = conversation(ConversationMetadata.EMPTY);

  private static GenericConversation conversation(ConversationMetadata before) {
    return new GenericConversation(
        new ProtocolStart(
            new SessionId("s1"),
            null,
            AgentProfile.named("p", "P"),
            Map.of(),
            false,
            1,
            Map.of(),
            before));
  }

  private List<Block> told(String... updates) {
    conversation.turnStarted(1);
    for (String update : updates) {
      conversation.update(Json.object(update).orElseThrow(), out);
    }
    conversation.turnEnded(Json.object("{\"stopReason\":\"end_turn\"}").orElseThrow(), out);
    ConversationFold fold = new ConversationFold();
    out.emissions().forEach(each -> fold.apply(each.conversationId(), each.event()));
    return fold.snapshot().blocks();
  }

  @Test
  void aPlanIsOneNoteThatChanges() {
    String plan =
        "{\"sessionUpdate\":\"plan\",\"entries\":[{\"content\":\"a\",\"status\":\"%s\"},"
            + "{\"content\":\"b\",\"status\":\"pending\"}]}";
    assertThat(told(plan.formatted("pending"), plan.formatted("completed")))
        .singleElement()
        .isInstanceOfSatisfying(
            Block.SystemNote.class,
            note -> {
              assertThat(note.status()).isEqualTo(BlockStatus.COMPLETE);
              assertThat(note.message()).isEqualTo("1 of 2 steps are done");
            });
  }

  @Test
  void aModeIsANoteAndAnUnknownUpdateIsKept() {
    List<Block> blocks =
        told(
            "{\"sessionUpdate\":\"current_mode_update\",\"currentModeId\":\"plan\"}",
            "{\"sessionUpdate\":\"of_tomorrow\",\"x\":1}",
            "{\"sessionUpdate\":\"agent_message_chunk\",\"content\":{\"type\":\"image\"}}");
    assertThat(blocks)
        .singleElement()
        .isInstanceOfSatisfying(
            Block.SystemNote.class, note -> assertThat(note.subtype()).isEqualTo("mode"));
    assertThat(out.emissions())
        .filteredOn(each -> each.event() instanceof Unknown)
        .extracting(each -> ((Unknown) each.event()).type())
        .containsExactly("update:of_tomorrow", "update:agent_message_chunk");
  }

  @Test
  void aToolThatNobodyAnnouncedIsToldWithItsDifferences() {
    List<Block> blocks =
        told(
            "{\"sessionUpdate\":\"tool_call_update\",\"toolCallId\":\"t\",\"status\":\"completed\",\"title\":\"Fetch"
                + " it\",\"kind\":\"other\",\"content\":[{\"type\":\"diff\","
                + "\"path\":\"/a\",\"newText\":\"n\"},{\"type\":\"terminal\",\"terminalId\":\"x\"}],\"rawOutput\":\"all"
                + " of it\"}");
    assertThat(blocks).hasSize(2);
    Block.ToolUse use = (Block.ToolUse) blocks.getFirst();
    assertThat(use.toolName()).isEqualTo("Fetch it");
    assertThat(use.tool()).isEqualTo(ToolStatus.SUCCESS);
    Block.ToolResult result = (Block.ToolResult) blocks.getLast();
    assertThat(result.output()).isEqualTo("all of it");
    assertThat(result.details())
        .containsEntry("diffs", List.of(Map.of("path", "/a", "oldText", "", "newText", "n")))
        .containsKey("content");
  }

  @Test
  void aProgramThatTellsOnlyTheEndOfALongOutputReplacesIt() {
    String update =
        "{\"sessionUpdate\":\"tool_call_update\",\"toolCallId\":\"t\",\"status\":\"%s\","
            + "\"content\":[{\"type\":\"content\",\"content\":{\"type\":\"text\",\"text\":\"%s\"}}]}";
    List<Block> blocks =
        told(
            update.formatted("in_progress", "one"),
            update.formatted("in_progress", "one two"),
            update.formatted("in_progress", "…two three"),
            update.formatted("failed", "…two three four"),
            update.formatted("completed", "said too late"));
    assertThat(((Block.ToolResult) blocks.getLast()).output()).isEqualTo("…two three four");
    assertThat(((Block.ToolResult) blocks.getLast()).failed()).isTrue();
  }

  @Test
  void costOfASessionThatWasBegunAnewCountsOnTopOfWhatWasSpent() {
    ConversationMetadata before = new ConversationMetadata(null, new BigDecimal("2"), null);
    for (boolean continued : List.of(true, false)) {
      GenericConversation again = conversation(before);
      again.opened(continued);
      Emitter told = new Emitter();
      String update =
          "{\"sessionUpdate\":\"usage_update\",\"cost\":{\"amount\":3,\"currency\":\"USD\"}}";
      again.update(Json.object(update).orElseThrow(), told);
      assertThat(told.emissions().toString()).contains("costUsd=" + (continued ? 3 : 5));
    }
  }
}
