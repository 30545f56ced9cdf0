// SPDX-License-Identifier: MIT

package io.agentruntime.core;

import static io.agentruntime.core.RuntimeFixture.only;
import static io.agentruntime.core.RuntimeFixture.until;
import static io.agentruntime.core.RuntimeFixture.untilTurnEnds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentruntime.core.session.MessageReceipt;
import io.agentruntime.core.session.MessageRequest;
import io.agentruntime.core.session.Session;
import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import io.agentruntime.model.event.EventEnvelope;
import io.agentruntime.model.event.PermissionAnswer;
import io.agentruntime.model.event.SessionEvent;
import io.agentruntime.model.session.SessionId;
import io.agentruntime.model.session.SessionUpdate;
import io.agentruntime.model.turn.DeliveryMode;
import io.agentruntime.model.turn.UserContent;
import io.agentruntime.spi.persistence.SessionQuery;
import io.agentruntime.testkit.sandbox.FakeFaults;
import io.agentruntime.testkit.sandbox.FakeOperation;
import io.agentruntime.testkit.sandbox.SandboxBench;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Queue, idempotency, idling, unloading and stopping. */
class SessionLifeTest {
  @TempDir Path folder;

  @Test
  void anIdleSessionLosesItsSandboxAndStillKnowsEverythingAfterwards() throws Exception {
    try (RuntimeFixture fixture =
        RuntimeFixture.start(folder, config -> config.idleTimeout(Duration.ofMillis(300)))) {
      SessionId id = fixture.create().id();
      Session session = send(fixture, id, "say first then write kept.txt body");
      List<EventEnvelope> before =
          until(session, event -> event instanceof SessionEvent.TranscriptSaved);
      SandboxBench.await(
          "it leaves memory", () -> fixture.runtime().sessions().loaded(id).isEmpty());
      assertThat(fixture.sandboxes().live()).isEmpty();

      Session again = send(fixture, id, "recall then read kept.txt");
      long last = before.getLast().seq();
      List<EventEnvelope> events = until(again, last, RuntimeFixture::isTurnEnd);
      assertThat(events.getFirst().seq()).isEqualTo(last + 1);
      assertThat(only(events, SessionEvent.TurnCompleted.class)).hasSize(1);
      assertThat(again.view().conversation().blocks().toString())
          .contains("say first")
          .contains("body");
    }
  }

  /** As clients do it: a session that is just leaving for its idleness is asked for again. */
  private static Session send(RuntimeFixture fixture, SessionId id, String text)
      throws InterruptedException {
    while (true) {
      Session session = fixture.runtime().sessions().get(id);
      try {
        assertThat(session.send(MessageRequest.text(text)).replayed()).isFalse();
        return session;
      } catch (AgentRuntimeException e) {
        assertThat(e.code()).isEqualTo(StandardError.CLOSED);
      }
    }
  }

  @Test
  void theSameKeyIsAcceptedOnceAndAnotherBodyUnderItIsRefused() throws Exception {
    try (RuntimeFixture fixture = RuntimeFixture.start(folder)) {
      Session session = fixture.create();
      MessageRequest request =
          new MessageRequest(new UserContent.Text("say once"), DeliveryMode.QUEUE, "key-1");
      MessageReceipt first = session.send(request);
      MessageReceipt second = session.send(request);

      assertThat(second.messageId()).isEqualTo(first.messageId());
      assertThat(second.replayed()).isTrue();
      assertThatThrownBy(
              () ->
                  session.send(
                      new MessageRequest(
                          new UserContent.Text("other"), DeliveryMode.QUEUE, "key-1")))
          .isInstanceOfSatisfying(
              AgentRuntimeException.class,
              e -> assertThat(e.code()).isEqualTo(StandardError.IDEMPOTENCY_CONFLICT));
      untilTurnEnds(session, 1);
      assertThat(session.view().queue()).isEmpty();
    }
  }

  @Test
  void aCreationUnderTheSameKeyGivesTheSameSession() throws Exception {
    try (RuntimeFixture fixture = RuntimeFixture.start(folder)) {
      CreateSession wish =
          new CreateSession(
              "scripted", "default", Map.of(), "n", Map.of(), null, List.of(), "key", null);
      Session first = fixture.runtime().sessions().create(wish);
      Session second = fixture.runtime().sessions().create(wish);

      assertThat(second.id()).isEqualTo(first.id());
      assertThat(fixture.runtime().sessions().list(SessionQuery.first(10)).sessions()).hasSize(1);
    }
  }

  @Test
  void messagesWaitInABoundedQueueThatCanBeChanged() throws Exception {
    try (RuntimeFixture fixture =
        RuntimeFixture.start(folder, config -> config.maxQueuedMessages(3))) {
      Session session = fixture.create();
      session.send(MessageRequest.text("wait"));
      until(session, event -> event instanceof SessionEvent.TurnStarted);
      MessageReceipt a = session.send(MessageRequest.text("say a"));
      MessageReceipt b = session.send(MessageRequest.text("say b"));
      MessageReceipt c = session.send(MessageRequest.text("say c"));

      assertThatThrownBy(() -> session.send(MessageRequest.text("say d")))
          .isInstanceOfSatisfying(
              AgentRuntimeException.class,
              e -> assertThat(e.code()).isEqualTo(StandardError.QUEUE_FULL));
      assertThatThrownBy(
              () ->
                  session.send(
                      new MessageRequest(new UserContent.Text("x"), DeliveryMode.REJECT, null)))
          .isInstanceOfSatisfying(
              AgentRuntimeException.class,
              e -> assertThat(e.code()).isEqualTo(StandardError.TURN_IN_PROGRESS));
      assertThat(session.cancel(b.messageId())).isTrue();
      assertThat(session.cancel(b.messageId())).isFalse();
      session.reorder(List.of(c.messageId(), a.messageId()));
      session.interrupt();
      List<EventEnvelope> events = untilTurnEnds(session, 3);

      assertThat(only(events, SessionEvent.TurnStarted.class))
          .extracting(SessionEvent.TurnStarted::messageId)
          .endsWith(c.messageId(), a.messageId());
    }
  }

  @Test
  void aMessageThatInterruptsComesNext() throws Exception {
    try (RuntimeFixture fixture = RuntimeFixture.start(folder)) {
      Session session = fixture.create();
      session.send(MessageRequest.text("wait"));
      until(session, event -> event instanceof SessionEvent.TurnStarted);
      MessageReceipt later = session.send(MessageRequest.text("say later"));
      MessageReceipt now =
          session.send(
              new MessageRequest(new UserContent.Text("say now"), DeliveryMode.INTERRUPT, null));
      List<EventEnvelope> events = untilTurnEnds(session, 3);

      assertThat(only(events, SessionEvent.TurnStarted.class))
          .extracting(SessionEvent.TurnStarted::messageId)
          .endsWith(now.messageId(), later.messageId());
    }
  }

  @Test
  void aMessageThatSteersIsGivenToTheRunningTurnOrElseWaitsForItsOwn() throws Exception {
    try (RuntimeFixture fixture = RuntimeFixture.start(folder)) {
      Session session = fixture.create();
      session.send(MessageRequest.text("wait"));
      until(session, event -> event instanceof SessionEvent.TurnStarted);
      session.send(new MessageRequest(new UserContent.Text("left"), DeliveryMode.STEER, null));
      untilTurnEnds(session, 1);
      assertThat(session.view().conversation().blocks().toString()).contains("steered: left");

      try (FakeFaults.Gate gate = fixture.sandboxes().faults().hold(FakeOperation.CREATE)) {
        session.terminateSandbox();
        session.send(MessageRequest.text("say cold"));
        gate.awaitEntered();
        session.send(new MessageRequest(new UserContent.Text("right"), DeliveryMode.STEER, null));
      }
      untilTurnEnds(session, 3);
      assertThat(session.view().queue()).isEmpty();
      assertThat(session.view().conversation().blocks().toString()).contains("cold", "right");
    }
  }

  @Test
  void interruptWhileTheSandboxIsPreparedEndsTheTurnAndKeepsTheSandboxForTheNext()
      throws Exception {
    try (RuntimeFixture fixture = RuntimeFixture.start(folder)) {
      Session session = fixture.create();
      try (FakeFaults.Gate gate = fixture.sandboxes().faults().hold(FakeOperation.CREATE)) {
        session.send(MessageRequest.text("say never"));
        gate.awaitEntered();
        assertThat(session.interrupt()).isTrue();
        List<EventEnvelope> events = untilTurnEnds(session, 1);
        assertThat(only(events, SessionEvent.TurnInterrupted.class)).hasSize(1);
        assertThat(session.view().conversation().blocks()).hasSize(1);
      }
      session.send(MessageRequest.text("say yes"));
      untilTurnEnds(session, 2);
      assertThat(fixture.sandboxes().created()).isEqualTo(1);
    }
  }

  @Test
  void aSandboxThatCannotBeCreatedFailsTheTurnWithACodeAndTheNextOneTriesAgain() throws Exception {
    try (RuntimeFixture fixture = RuntimeFixture.start(folder)) {
      fixture
          .sandboxes()
          .faults()
          .failNext(FakeOperation.CREATE, 1, StandardError.SANDBOX_UNAVAILABLE);
      Session session = fixture.create();
      session.send(MessageRequest.text("say one"));
      List<EventEnvelope> events = untilTurnEnds(session, 1);
      assertThat(only(events, SessionEvent.TurnFailed.class))
          .singleElement()
          .satisfies(f -> assertThat(f.code()).isEqualTo("SANDBOX_UNAVAILABLE"));
      assertThat(session.view().conversation().blocks()).hasSize(1);

      session.send(MessageRequest.text("say two"));
      assertThat(only(untilTurnEnds(session, 2), SessionEvent.TurnCompleted.class)).hasSize(1);
    }
  }

  @Test
  void aPermissionIsAskedAndAnsweredOnce() throws Exception {
    try (RuntimeFixture fixture = RuntimeFixture.start(folder)) {
      Session session = fixture.runtime().sessions().create(CreateSession.of("scripted", "asking"));
      session.send(MessageRequest.text("ask Write"));
      List<EventEnvelope> events =
          until(session, event -> event instanceof SessionEvent.PermissionRequested);
      String request =
          only(events, SessionEvent.PermissionRequested.class).getFirst().request().requestId();
      assertThat(session.view().permissions()).hasSize(1);

      session.answer(new PermissionAnswer(request, true, null, null, "client"));
      List<EventEnvelope> all = untilTurnEnds(session, 1);
      assertThat(only(all, SessionEvent.PermissionResolved.class)).hasSize(1);
      assertThat(session.view().permissions()).isEmpty();
      assertThatThrownBy(
              () -> session.answer(new PermissionAnswer(request, true, null, null, "client")))
          .isInstanceOfSatisfying(
              AgentRuntimeException.class,
              e -> assertThat(e.code()).isEqualTo(StandardError.PERMISSION_NOT_FOUND));
    }
  }

  @Test
  void endingTheSandboxKeepsTheSessionAndItsQueue() throws Exception {
    try (RuntimeFixture fixture = RuntimeFixture.start(folder)) {
      Session session = fixture.create();
      session.send(MessageRequest.text("wait"));
      until(session, event -> event instanceof SessionEvent.TurnStarted);
      session.send(MessageRequest.text("say after"));
      session.terminateSandbox();
      List<EventEnvelope> events = untilTurnEnds(session, 2);

      assertThat(only(events, SessionEvent.TurnInterrupted.class)).hasSize(1);
      assertThat(only(events, SessionEvent.TurnCompleted.class)).hasSize(1);
      assertThat(fixture.sandboxes().created()).isEqualTo(2);
    }
  }

  @Test
  void unloadingInTheMiddleOfATurnLosesNothingOfWhatWasSeen() throws Exception {
    try (RuntimeFixture fixture = RuntimeFixture.start(folder)) {
      Session session = fixture.create();
      session.send(MessageRequest.text("say seen then wait"));
      until(session, event -> event instanceof SessionEvent.BlockDelta);
      assertThat(fixture.runtime().sessions().unload(session.id())).isTrue();
      assertThat(fixture.sandboxes().live()).isEmpty();
      assertThat(fixture.runtime().sessions().unload(session.id())).isFalse();

      Session again = fixture.runtime().sessions().get(session.id());
      assertThat(again.view().conversation().blocks().toString()).contains("seen");
      assertThat(again.view().runtime().activeTurn()).isNull();
    }
  }

  @Test
  void purgingLeavesNothing() throws Exception {
    try (RuntimeFixture fixture = RuntimeFixture.start(folder)) {
      Session session = fixture.create();
      session.send(MessageRequest.text("write a.txt x"));
      untilTurnEnds(session, 1);
      fixture.runtime().sessions().purge(session.id());

      assertThatThrownBy(() -> fixture.runtime().sessions().get(session.id()))
          .isInstanceOfSatisfying(
              AgentRuntimeException.class,
              e -> assertThat(e.code()).isEqualTo(StandardError.SESSION_NOT_FOUND));
      assertThat(fixture.runtime().sessions().list(SessionQuery.first(10)).sessions()).isEmpty();
    }
  }

  @Test
  void nameMetadataAndOptionsCanBeChanged() throws Exception {
    try (RuntimeFixture fixture = RuntimeFixture.start(folder)) {
      Session session = fixture.create();
      session.update(new SessionUpdate(Map.of("model", "m1"), null, "My session", Map.of("k", 1)));

      assertThat(session.view().record().name()).isEqualTo("My session");
      assertThat(session.view().record().options()).containsEntry("model", "m1");
      assertThatThrownBy(() -> session.update(SessionUpdate.options(Map.of("model", 7))))
          .isInstanceOf(AgentRuntimeException.class);
    }
  }

  @Test
  void aStoppingRuntimeRefusesNewWorkAndEndsEverySandbox() throws Exception {
    RuntimeFixture fixture =
        RuntimeFixture.start(
            folder, config -> config.shutdownTimeout(java.time.Duration.ofSeconds(6)));
    Session one = fixture.create();
    Session two = fixture.create();
    one.send(MessageRequest.text("wait"));
    two.send(MessageRequest.text("say x"));
    until(one, event -> event instanceof SessionEvent.TurnStarted);
    fixture.runtime().drain();
    assertThatThrownBy(fixture::create)
        .isInstanceOfSatisfying(
            AgentRuntimeException.class,
            e -> assertThat(e.code()).isEqualTo(StandardError.SHUTTING_DOWN));
    fixture.runtime().close();
    fixture.close();
  }
}
