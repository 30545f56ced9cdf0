// SPDX-License-Identifier: MIT

package io.agentruntime.architecture.opencode;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentruntime.model.event.Emission;
import io.agentruntime.model.event.SessionEvent.BlockDelta;
import io.agentruntime.model.event.SessionEvent.ErrorRaised;
import io.agentruntime.model.event.SessionEvent.PermissionResolved;
import io.agentruntime.model.profile.AgentProfile;
import io.agentruntime.model.profile.CommandDefinition;
import io.agentruntime.model.profile.PermissionPolicy;
import io.agentruntime.model.turn.MessageId;
import io.agentruntime.model.turn.TurnOutcome;
import io.agentruntime.model.turn.UserContent;
import io.agentruntime.spi.architecture.AgentProtocol;
import io.agentruntime.spi.architecture.ProtocolStart;
import io.agentruntime.spi.architecture.ProtocolStep;
import io.agentruntime.spi.architecture.TurnInput;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What recordings do not show: ends that come twice, models that never recover, lost lines. */
class OpenCodeProtocolTest {
  private static final String ASSISTANT =
      "{\"type\":\"message.updated\",\"properties\":{\"sessionID\":\"ses_1\",\"info\":"
          + "{\"id\":\"msg_1\",\"role\":\"assistant\",\"providerID\":\"p\",\"modelID\":\"m\"}}}";
  private static final String RETRY =
      "{\"type\":\"session.status\",\"properties\":{\"sessionID\":\"ses_1\",\"status\":"
          + "{\"type\":\"retry\",\"attempt\":%d,\"message\":\"overloaded\"}}}";
  private static final String END =
      "{\"type\":\"turn.end\",\"id\":%d,\"info\":{\"role\":\"assistant\"}}";
  private static final String ABORTED =
      "{\"type\":\"turn.end\",\"id\":%d,\"info\":{\"role\":\"assistant\",\"error\":"
          + "{\"name\":\"MessageAbortedError\",\"data\":{\"message\":\"Aborted\"}}}}";

  private static AgentProtocol protocol(AgentProfile profile) {
    AgentProtocol protocol =
        new OpenCodeArchitecture()
            .protocol(
                new ProtocolStart(Recordings.SESSION, null, profile, Map.of(), false, 1, Map.of()));
    protocol.onStart();
    protocol.onStdout("{\"type\":\"session.open\",\"id\":1,\"session\":\"ses_1\"}");
    return protocol;
  }

  private static String say(AgentProtocol protocol, String text) {
    ProtocolStep step =
        protocol.onTurn(new TurnInput(new MessageId("m1"), new UserContent.Text(text)));
    return new String(step.stdin(), StandardCharsets.UTF_8);
  }

  private static String part(String text, boolean ended) {
    return "{\"type\":\"message.part.updated\",\"properties\":{\"sessionID\":\"ses_1\",\"part\":"
        + "{\"id\":\"prt_1\",\"messageID\":\"msg_1\",\"type\":\"text\",\"text\":\""
        + text
        + "\",\"time\":{\"start\":1"
        + (ended ? ",\"end\":2" : "")
        + "}}}}";
  }

  @Test
  void anEndThatComesTwiceEndsOneTurn() {
    AgentProtocol protocol = protocol(Profiles.plain());
    say(protocol, "one");
    assertThat(protocol.onStdout(END.formatted(2)).outcome())
        .isEqualTo(new TurnOutcome.Completed());
    say(protocol, "two");
    assertThat(protocol.onStdout(END.formatted(2)).outcome()).isNull();
    assertThat(protocol.onStdout(END.formatted(3)).outcome())
        .isEqualTo(new TurnOutcome.Completed());
  }

  @Test
  void aModelThatKeepsFailingIsGivenUpAndTheTurnFails() {
    AgentProtocol protocol = protocol(Profiles.plain());
    say(protocol, "one");
    ProtocolStep first = protocol.onStdout(RETRY.formatted(1));
    assertThat(first.emissions())
        .extracting(Emission::event)
        .hasOnlyElementsOfType(ErrorRaised.class);
    assertThat(first.stdin()).isEmpty();
    assertThat(protocol.onStdout(RETRY.formatted(2)).stdin()).isNotEmpty();
    assertThat(protocol.onStdout(RETRY.formatted(3)).stdin()).isEmpty();
    assertThat(protocol.onStdout(ABORTED.formatted(2)).outcome())
        .isEqualTo(new TurnOutcome.Failed("AGENT_FAILED", "overloaded", true));
  }

  @Test
  void whatWasLostOfATextIsMadeUpForByItsNextState() {
    AgentProtocol protocol = protocol(Profiles.plain());
    say(protocol, "one");
    protocol.onStdout(ASSISTANT);
    protocol.onStdout(part("He", false));
    ProtocolStep step = protocol.onStdout(part("Hello", false));
    assertThat(step.emissions())
        .singleElement()
        .satisfies(emission -> assertThat(((BlockDelta) emission.event()).text()).isEqualTo("llo"));
    assertThat(protocol.onStdout(part("Hello", true)).emissions()).hasSize(1);
    assertThat(protocol.onStdout(part("Hello", true)).emissions()).isEmpty();
  }

  @Test
  void commandsOfTheProfileAreRunAsCommands() {
    AgentProfile profile =
        Profiles.builder().command(new CommandDefinition("hi", null, "x", Map.of())).build();
    assertThat(say(protocol(profile), "/hi Bob"))
        .contains("\"command\":\"hi\"", "\"arguments\":\"Bob\"");
    assertThat(say(protocol(profile), "/other Bob")).contains("\"text\":\"/other Bob\"");
  }

  @Test
  void aPolicyThatRefusesTellsTheProgramAndBothEventsSaySo() {
    AgentProtocol protocol = protocol(Profiles.with(PermissionPolicy.DENY));
    say(protocol, "one");
    ProtocolStep step =
        protocol.onStdout(
            "{\"type\":\"permission.asked\",\"properties\":{\"id\":\"per_1\",\"sessionID\":"
                + "\"ses_1\",\"permission\":\"bash\",\"patterns\":[\"ls\"],\"metadata\":{}}}");
    assertThat(step.emissions())
        .extracting(Emission::event)
        .anyMatch(
            event ->
                event instanceof PermissionResolved resolved
                    && !resolved.answer().allowed()
                    && resolved.answer().decidedBy().equals("policy"));
    assertThat(new String(step.stdin(), StandardCharsets.UTF_8))
        .contains("\"request\":\"per_1\"", "\"reply\":\"reject\"", "\"message\"");
  }

  @Test
  void aRefusedMessageFailsItsTurnWithTheReason() {
    AgentProtocol protocol = protocol(Profiles.plain());
    say(protocol, "one");
    protocol.onStdout(
        "{\"type\":\"session.error\",\"properties\":{\"sessionID\":\"ses_1\",\"error\":{\"name\":"
            + "\"UnknownError\",\"data\":{\"message\":\"Model not found\"}}}}");
    assertThat(
            protocol
                .onStdout("{\"type\":\"turn.refused\",\"id\":2,\"message\":\"HTTP 500\"}")
                .outcome())
        .isEqualTo(new TurnOutcome.Failed("AGENT_FAILED", "Model not found", false));
  }

  @Test
  void aSessionThatIsLostIsSaidAndTheNewOneBound() {
    AgentProtocol protocol = protocol(Profiles.plain());
    List<Emission> said =
        protocol.onStdout("{\"type\":\"session.lost\",\"id\":1,\"message\":\"gone\"}").emissions();
    assertThat(said).singleElement().matches(e -> e.event() instanceof ErrorRaised);
    assertThat(
            protocol
                .onStdout("{\"type\":\"session.open\",\"id\":1,\"session\":\"ses_2\"}")
                .emissions())
        .hasSize(1);
    assertThat(protocol.snapshot()).containsEntry("nativeId", "ses_2");
  }
}
