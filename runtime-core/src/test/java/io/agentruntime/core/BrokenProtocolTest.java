// SPDX-License-Identifier: MIT

package io.agentruntime.core;

import static io.agentruntime.core.RuntimeFixture.only;
import static io.agentruntime.core.RuntimeFixture.untilTurnEnds;
import static org.assertj.core.api.Assertions.assertThat;

import io.agentruntime.core.session.MessageRequest;
import io.agentruntime.core.session.Session;
import io.agentruntime.model.event.SessionEvent.TurnFailed;
import io.agentruntime.spi.architecture.AgentArchitecture;
import io.agentruntime.spi.architecture.AgentProtocol;
import io.agentruntime.testkit.architecture.ScriptedArchitecture;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An architecture whose protocol throws on what the agent says. */
class BrokenProtocolTest {
  @TempDir Path folder;

  @Test
  void itsTurnFailsAndAMissingClassIsNamed() throws Exception {
    String message = messageOf(new NoClassDefFoundError("com/example/json/Parser"));

    assertThat(message).contains("'broken'", "a class is missing, com/example/json/Parser");
  }

  @Test
  void itsTurnFailsAndWhatItSaidStaysInTheLog() throws Exception {
    String message = messageOf(new IllegalStateException("anything, even a secret"));

    assertThat(message).contains("'broken'", "IllegalStateException").doesNotContain("secret");
  }

  private String messageOf(Throwable failure) throws Exception {
    try (RuntimeFixture fixture =
        RuntimeFixture.start(
            folder, config -> config, new ScriptedArchitecture(), List.of(throwing(failure)))) {
      Session session = fixture.runtime().sessions().create(CreateSession.of("broken", "default"));
      session.send(MessageRequest.text("say hello"));
      TurnFailed failed = only(untilTurnEnds(session, 1), TurnFailed.class).getFirst();
      assertThat(failed.code()).isEqualTo("PROVIDER_FAILED");

      Session other = fixture.create();
      other.send(MessageRequest.text("say hello"));
      assertThat(only(untilTurnEnds(other, 1), TurnFailed.class)).isEmpty();
      return failed.message();
    }
  }

  /** The scripted architecture under another name, but for its protocol. */
  private static AgentArchitecture throwing(Throwable failure) {
    AgentArchitecture whole = new ScriptedArchitecture();
    return (AgentArchitecture)
        Proxy.newProxyInstance(
            BrokenProtocolTest.class.getClassLoader(),
            new Class<?>[] {AgentArchitecture.class},
            (proxy, method, arguments) ->
                switch (method.getName()) {
                  case "id" -> "broken";
                  case "synonyms" -> Set.of();
                  case "protocol" ->
                      throwing((AgentProtocol) method.invoke(whole, arguments), failure);
                  default -> method.invoke(whole, arguments);
                });
  }

  private static AgentProtocol throwing(AgentProtocol protocol, Throwable failure) {
    return (AgentProtocol)
        Proxy.newProxyInstance(
            BrokenProtocolTest.class.getClassLoader(),
            new Class<?>[] {AgentProtocol.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("onStdout")) {
                throw failure;
              }
              try {
                return method.invoke(protocol, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }
}
