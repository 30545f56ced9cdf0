// SPDX-License-Identifier: MIT

package io.agentruntime.core;

import static io.agentruntime.core.RuntimeFixture.only;
import static io.agentruntime.core.RuntimeFixture.until;
import static io.agentruntime.core.RuntimeFixture.untilTurnEnds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentruntime.core.session.MessageRequest;
import io.agentruntime.core.session.Session;
import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import io.agentruntime.model.event.SessionEvent;
import io.agentruntime.model.turn.ContentPart;
import io.agentruntime.model.turn.DeliveryMode;
import io.agentruntime.model.turn.UserContent;
import io.agentruntime.testkit.architecture.ScriptedArchitecture;
import java.nio.file.Path;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an agent does not declare is refused where it is asked for, and what it forgets is said. */
class UndeclaredTest {
  @TempDir Path folder;

  private RuntimeFixture start() throws InterruptedException {
    return RuntimeFixture.start(
        folder, config -> config, new ScriptedArchitecture(), List.of(new LimitedArchitecture()));
  }

  private static Session create(RuntimeFixture fixture) throws InterruptedException {
    return fixture.runtime().sessions().create(CreateSession.of("limited", "default"));
  }

  private static void assertUnsupported(String capability, ThrowingCallable asked) {
    assertThatThrownBy(asked)
        .isInstanceOfSatisfying(
            AgentRuntimeException.class,
            e -> assertThat(e.code()).isEqualTo(StandardError.UNSUPPORTED))
        .hasMessageContaining("'limited'")
        .hasMessageContaining(capability);
  }

  @Test
  void imagesInterruptsAndSteeringAreRefused() throws Exception {
    try (RuntimeFixture fixture = start()) {
      Session session = create(fixture);
      UserContent image =
          new UserContent.Parts(
              List.of(new ContentPart.Image(ContentPart.Source.BASE64, "aGk=", null)));
      UserContent text = new UserContent.Text("say hi");
      assertUnsupported(
          "IMAGES", () -> session.send(new MessageRequest(image, DeliveryMode.QUEUE, null)));
      assertUnsupported(
          "INTERRUPT", () -> session.send(new MessageRequest(text, DeliveryMode.INTERRUPT, null)));
      assertUnsupported(
          "STEER", () -> session.send(new MessageRequest(text, DeliveryMode.STEER, null)));
      session.send(MessageRequest.text("say on then wait"));
      until(session, event -> event instanceof SessionEvent.BlockStarted);
      assertUnsupported("INTERRUPT", session::interrupt);
      // A turn that nobody may interrupt would be waited for at the end.
      fixture.sandboxes().lose(fixture.sandboxes().live().getFirst());
      untilTurnEnds(session, 1);
    }
  }

  @Test
  void anAgentThatCannotContinueItsConversationIsSaidToBeginANewOne() throws Exception {
    try (RuntimeFixture fixture = start()) {
      Session session = create(fixture);
      session.send(MessageRequest.text("say one"));
      session.send(MessageRequest.text("recall"));
      session.send(MessageRequest.text("say three"));

      assertThat(only(untilTurnEnds(session, 3), SessionEvent.ContextRestored.class))
          .hasSize(2)
          .allMatch(restored -> restored.fidelity().equals("workspace-only"));
    }
  }
}
