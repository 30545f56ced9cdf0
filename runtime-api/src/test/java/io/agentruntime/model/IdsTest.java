// SPDX-License-Identifier: MIT

package io.agentruntime.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import io.agentruntime.model.block.BlockId;
import io.agentruntime.model.conversation.ConversationId;
import io.agentruntime.model.session.SessionId;
import io.agentruntime.model.turn.MessageId;
import io.agentruntime.model.turn.TurnId;
import io.agentruntime.spi.sandbox.ProcessId;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

final class IdsTest {
  private static final Map<String, Function<String, Object>> KINDS =
      Map.of(
          "sessionId", SessionId::new,
          "blockId", BlockId::new,
          "conversationId", ConversationId::new,
          "messageId", MessageId::new,
          "turnId", TurnId::new,
          "processId", ProcessId::new);

  @Test
  void idsOfAllAgentsAreAccepted() {
    for (String id :
        List.of(
            "c06ae941-1674-4e9c-b2a1-ab54bb020454",
            "ses_01a1fd6ee720_6uvas6lbvjt",
            "toolu_01A09q90qw90lq917835lq9",
            "msg_1.2-0",
            "_",
            "a".repeat(128))) {
      KINDS.forEach((kind, make) -> assertThat(make.apply(id)).hasToString(id));
    }
  }

  @Test
  void whatCouldLeaveAFolderOrALogLineIsRefusedByTheKindOfId() {
    for (String id :
        List.of(
            "",
            ".",
            "..",
            "../x",
            "a/b",
            "a\\b",
            "a b",
            "a\nb",
            "a\0",
            ".hidden",
            "-rf",
            "a..b",
            "ünï",
            "a".repeat(201),
            "%2e",
            "a'b",
            "a\"b",
            "$x",
            "a;b")) {
      KINDS.forEach(
          (kind, make) -> {
            AgentRuntimeException refusal =
                catchThrowableOfType(AgentRuntimeException.class, () -> make.apply(id));
            assertThat(refusal).as("%s '%s'", kind, id).isNotNull();
            assertThat(refusal.code()).isEqualTo(StandardError.INVALID_ARGUMENT);
            assertThat(refusal).hasMessageStartingWith(kind);
          });
    }
  }

  @Test
  void aSessionIdIsAFileNameOnEverySystem() {
    assertThat(catchThrowableOfType(AgentRuntimeException.class, () -> new SessionId("a:b")))
        .isNotNull();
    assertThat(
            catchThrowableOfType(AgentRuntimeException.class, () -> new SessionId("a".repeat(129))))
        .isNotNull();
    assertThat(new BlockId("msg_1:0").value()).isEqualTo("msg_1:0");
  }

  @Property
  void anAcceptedIdIsOneSegmentOfAPath(@ForAll String id) {
    try {
      Ids.require("id", id);
    } catch (AgentRuntimeException e) {
      return;
    }
    Path root = Path.of("/root");
    assertThat(root.resolve(id).normalize().getParent()).isEqualTo(root);
  }

  @Test
  void theSameKeyInTheSameSessionNamesTheSameMessage() {
    SessionId session = new SessionId("s-1");
    MessageId id = MessageId.of(session, "key");
    assertThat(id).isEqualTo(MessageId.of(session, "key"));
    assertThat(UUID.fromString(id.value()).version()).isEqualTo(5);
    assertThat(UUID.fromString(id.value()).variant()).isEqualTo(2);
    assertThat(MessageId.of(session, "key2")).isNotEqualTo(id);
    assertThat(MessageId.of(new SessionId("s-2"), "key")).isNotEqualTo(id);
    assertThat(MessageId.of(session, "\uD83D\uDE80 ünï")).isNotEqualTo(id);
  }

  @Test
  void theMainConversationIsCalledMain() {
    assertThat(ConversationId.MAIN.isMain()).isTrue();
    assertThat(new ConversationId("main")).isEqualTo(ConversationId.MAIN);
    assertThat(new ConversationId("toolu_1").isMain()).isFalse();
  }
}
