// SPDX-License-Identifier: MIT

package io.agentruntime.core;

import static io.agentruntime.core.RuntimeFixture.only;
import static io.agentruntime.core.RuntimeFixture.until;
import static io.agentruntime.core.RuntimeFixture.untilTurnEnds;
import static org.assertj.core.api.Assertions.assertThat;

import io.agentruntime.core.session.MessageRequest;
import io.agentruntime.core.session.Session;
import io.agentruntime.model.block.Block;
import io.agentruntime.model.conversation.ConversationFold;
import io.agentruntime.model.event.EventEnvelope;
import io.agentruntime.model.event.SessionEvent;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What one message does, from the first event to the last. */
class SessionTurnTest {
  @TempDir Path folder;

  @Test
  void creatingASessionCreatesNoSandbox() throws Exception {
    try (RuntimeFixture fixture = RuntimeFixture.start(folder)) {
      Session session = fixture.create();

      assertThat(session.view().runtime().sandbox()).isNull();
      assertThat(fixture.sandboxes().created()).isZero();
    }
  }

  @Test
  void theFirstMessageRunsATurnWhoseEventsFoldToTheView() throws Exception {
    try (RuntimeFixture fixture = RuntimeFixture.start(folder)) {
      Session session = fixture.create();
      session.send(MessageRequest.text("think hm then say hello then write a.txt some text"));
      List<EventEnvelope> events =
          until(session, event -> event instanceof SessionEvent.TranscriptSaved);

      assertThat(events)
          .extracting(EventEnvelope::seq)
          .containsExactlyElementsOf(
              java.util.stream.LongStream.rangeClosed(1, events.size()).boxed().toList());
      ConversationFold fold = new ConversationFold();
      events.forEach(event -> fold.apply(event.conversationId(), event.event()));
      assertThat(session.view().conversation()).isEqualTo(fold.snapshot());
      assertThat(session.view().conversation().blocks())
          .extracting(block -> (Object) block.getClass())
          .contains(
              Block.UserMessage.class,
              Block.Thinking.class,
              Block.AssistantText.class,
              Block.ToolUse.class,
              Block.ToolResult.class);
      assertThat(session.view().files())
          .extracting(file -> file.path().value())
          .containsExactly("a.txt");
      assertThat(only(events, SessionEvent.FileCreated.class)).hasSize(1);
    }
  }

  @Test
  void aSecondMessageReusesSandboxAndProcess() throws Exception {
    try (RuntimeFixture fixture = RuntimeFixture.start(folder)) {
      Session session = fixture.create();
      session.send(MessageRequest.text("say one"));
      untilTurnEnds(session, 1);
      session.send(MessageRequest.text("recall"));
      List<EventEnvelope> events = untilTurnEnds(session, 2);

      assertThat(fixture.sandboxes().created()).isEqualTo(1);
      assertThat(only(events, SessionEvent.TurnStarted.class))
          .extracting(started -> started.range() == null ? null : started.range().processId())
          .containsExactly("agent-1", "agent-1");
      assertThat(session.view().conversation().blocks().toString()).contains("say one");
    }
  }

  @Test
  void twoMessagesAtOnceOnAColdSessionShareOneSandboxAndRunInOrder() throws Exception {
    try (RuntimeFixture fixture = RuntimeFixture.start(folder)) {
      Session session = fixture.create();
      session.send(MessageRequest.text("say one"));
      session.send(MessageRequest.text("say two"));
      List<EventEnvelope> events = untilTurnEnds(session, 2);

      assertThat(fixture.sandboxes().created()).isEqualTo(1);
      assertThat(only(events, SessionEvent.TurnFailed.class)).isEmpty();
      List<String> order =
          events.stream()
              .map(EventEnvelope::event)
              .flatMap(
                  event ->
                      switch (event) {
                        case SessionEvent.TurnStarted s -> java.util.stream.Stream.of("start");
                        case SessionEvent.TurnCompleted s -> java.util.stream.Stream.of("end");
                        default -> java.util.stream.Stream.<String>empty();
                      })
              .toList();
      assertThat(order).containsExactly("start", "end", "start", "end");
    }
  }

  @Test
  void interruptStopsATurnAndTheNextMessageWorks() throws Exception {
    try (RuntimeFixture fixture = RuntimeFixture.start(folder)) {
      Session session = fixture.create();
      session.send(MessageRequest.text("wait"));
      until(session, event -> event instanceof SessionEvent.TurnStarted);

      assertThat(session.interrupt()).isTrue();
      List<EventEnvelope> first = untilTurnEnds(session, 1);
      assertThat(only(first, SessionEvent.TurnInterrupted.class)).hasSize(1);

      session.send(MessageRequest.text("say again"));
      List<EventEnvelope> events = untilTurnEnds(session, 2);
      assertThat(only(events, SessionEvent.TurnCompleted.class)).hasSize(1);
      assertThat(session.interrupt()).isFalse();
    }
  }

  @Test
  void anAgentThatDiesFailsItsTurnAndTheNextMessageWorks() throws Exception {
    try (RuntimeFixture fixture = RuntimeFixture.start(folder)) {
      Session session = fixture.create();
      session.send(MessageRequest.text("say before then die 3"));
      session.send(MessageRequest.text("recall"));
      List<EventEnvelope> events = untilTurnEnds(session, 2);

      assertThat(only(events, SessionEvent.TurnFailed.class))
          .singleElement()
          .satisfies(failed -> assertThat(failed.code()).isEqualTo("AGENT_EXITED"));
      assertThat(only(events, SessionEvent.ErrorRaised.class)).hasSize(1);
      assertThat(only(events, SessionEvent.TurnCompleted.class)).hasSize(1);
      assertThat(fixture.sandboxes().created()).isEqualTo(1);
    }
  }

  @Test
  void aLostSandboxFailsTheTurnAndTheNextMessageStartsInANewOne() throws Exception {
    try (RuntimeFixture fixture = RuntimeFixture.start(folder)) {
      Session session = fixture.create();
      session.send(MessageRequest.text("say one then write keep.txt kept"));
      until(session, event -> event instanceof SessionEvent.TranscriptSaved);
      session.send(MessageRequest.text("wait"));
      int[] starts = {2};
      until(session, event -> event instanceof SessionEvent.TurnStarted && --starts[0] == 0);

      fixture.sandboxes().lose(fixture.sandboxes().live().getFirst());
      List<EventEnvelope> failed = untilTurnEnds(session, 2);
      assertThat(only(failed, SessionEvent.TurnFailed.class))
          .singleElement()
          .satisfies(f -> assertThat(f.code()).isEqualTo("SANDBOX_LOST"));

      session.send(MessageRequest.text("recall then read keep.txt"));
      untilTurnEnds(session, 3);
      assertThat(fixture.sandboxes().created()).isEqualTo(2);
      assertThat(session.view().conversation().blocks().toString()).contains("kept");
    }
  }
}
