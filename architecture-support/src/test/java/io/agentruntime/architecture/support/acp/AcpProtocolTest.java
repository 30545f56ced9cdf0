// SPDX-License-Identifier: MIT

package io.agentruntime.architecture.support.acp;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.agentruntime.architecture.support.json.Json;
import io.agentruntime.architecture.support.protocol.Emitter;
import io.agentruntime.model.event.SessionEvent;
import io.agentruntime.model.event.SessionEvent.ErrorRaised;
import io.agentruntime.model.event.SessionEvent.NativeSessionBound;
import io.agentruntime.model.event.SessionEvent.PermissionRequested;
import io.agentruntime.model.profile.AgentProfile;
import io.agentruntime.model.profile.PermissionPolicy;
import io.agentruntime.model.session.SessionId;
import io.agentruntime.model.turn.TurnOutcome;
import io.agentruntime.spi.architecture.ProtocolStart;
import io.agentruntime.testkit.architecture.ProfileBuilder;
import io.agentruntime.testkit.architecture.ProtocolInput;
import io.agentruntime.testkit.architecture.ProtocolSession;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The protocol without a program: what is asked, in which order, and what answers lead to. */
class AcpProtocolTest {
  private static final String INITIALIZED =
      "{\"id\":1,\"result\":{\"agentCapabilities\":{\"loadSession\":true}}}";
  private static final String OPENED = "{\"id\":2,\"result\":{\"sessionId\":\"n1\"}}";

  private final Heard heard = new Heard();

  /** Remembers what it is told. */
  private static final class Heard implements AcpConversation {
    final List<String> all = new ArrayList<>();

    @Override
    public void turnStarted(long turn) {
      all.add("turn " + turn);
    }

    @Override
    public void update(JsonNode update, Emitter out) {
      all.add(Json.textOr(update, "sessionUpdate", ""));
    }

    @Override
    public String toolAsked(JsonNode toolCall, Emitter out) {
      return "tool";
    }

    @Override
    public void toolRefused(String toolCallId) {
      all.add("refused " + toolCallId);
    }

    @Override
    public boolean extension(String method, JsonNode parameters, boolean inTurn, Emitter out) {
      return false;
    }

    @Override
    public void turnEnded(@Nullable JsonNode result, Emitter out) {
      all.add(result == null ? "ended badly" : "ended");
    }

    @Override
    public void snapshot(Map<String, Object> into) {
      into.put("heard", all.size());
    }
  }

  private record Dialect(Optional<String> mode) implements AcpDialect {
    @Override
    public String programName() {
      return "The program";
    }

    @Override
    public String programFile() {
      return "program";
    }

    @Override
    public boolean isLateReplay(JsonNode update) {
      return true;
    }
  }

  private ProtocolSession session(@Nullable String nativeId, @Nullable String mode) {
    ProtocolStart start =
        new ProtocolStart(
            new SessionId("s1"),
            nativeId,
            AgentProfile.named("p", "P"),
            Map.of(),
            nativeId != null,
            1,
            Map.of());
    Dialect dialect = new Dialect(Optional.ofNullable(mode));
    ProtocolSession session = new ProtocolSession(new AcpProtocol(start, dialect, heard));
    session.apply(new ProtocolInput.Start());
    return session;
  }

  private static ProtocolSession lines(ProtocolSession session, String... lines) {
    for (String line : lines) {
      session.apply(new ProtocolInput.Line(line));
    }
    return session;
  }

  private static ProtocolSession say(ProtocolSession session, String text) {
    session.apply(ProtocolInput.Turn.of("m-" + text, text));
    return session;
  }

  private static List<String> methods(ProtocolSession session) {
    return session
        .stdin()
        .lines()
        .map(line -> Json.textOr(Json.object(line).orElseThrow(), "method", "answer"))
        .toList();
  }

  private static String update(String kind) {
    return "{\"method\":\"session/update\",\"params\":{\"update\":{\"sessionUpdate\":\""
        + kind
        + "\"}}}";
  }

  private static <T extends SessionEvent> List<T> events(ProtocolSession session, Class<T> type) {
    return session.emissions().stream()
        .map(emission -> (SessionEvent) emission.event())
        .filter(type::isInstance)
        .map(type::cast)
        .toList();
  }

  @Test
  void aPromptWaitsUntilTheSessionIsOpen() {
    ProtocolSession session = say(session(null, "auto"), "Hello");
    assertThat(methods(session)).containsExactly("initialize");
    lines(session, INITIALIZED, OPENED);
    assertThat(methods(session)).containsExactly("initialize", "session/new", "session/set_mode");
    lines(session, "{\"id\":3,\"result\":{}}");
    assertThat(methods(session).getLast()).isEqualTo("session/prompt");
    assertThat(events(session, NativeSessionBound.class))
        .containsExactly(new NativeSessionBound("n1"));
    lines(session, "{\"id\":4,\"result\":{\"stopReason\":\"end_turn\"}}");
    assertThat(session.outcomes()).containsExactly(new TurnOutcome.Completed());
  }

  @Test
  void aReplayIsSkippedToItsEndHoweverLateItComes() {
    ProtocolSession session = say(session("n1", "auto"), "Hello");
    lines(session, INITIALIZED, update("user_message_chunk"), "{\"id\":2,\"result\":{}}");
    lines(session, update("user_message_chunk"), "{\"id\":3,\"result\":{}}");
    lines(session, update("agent_message_chunk"), "{\"id\":4,\"result\":{}}");
    assertThat(methods(session)).doesNotContain("session/prompt");
    lines(session, "{\"id\":5,\"result\":{}}", update("agent_message_chunk"));
    assertThat(methods(session).getLast()).isEqualTo("session/prompt");
    assertThat(heard.all).containsExactly("turn 1", "agent_message_chunk");
  }

  @Test
  void aSessionThatCannotBeLoadedIsSaidAndAnotherOneOpened() {
    ProtocolSession session = say(session("gone", null), "Hello");
    lines(
        session,
        INITIALIZED,
        "{\"id\":2,\"error\":{\"code\":-32603,\"message\":\"Internal error\","
            + "\"data\":{\"details\":\"No such session\"}}}",
        "{\"id\":3,\"result\":{\"sessionId\":\"n2\"}}");
    assertThat(methods(session))
        .containsExactly("initialize", "session/load", "session/new", "session/prompt");
    assertThat(events(session, ErrorRaised.class))
        .singleElement()
        .satisfies(error -> assertThat(error.message()).contains("No such session"));
  }

  @Test
  void aProgramThatOpensNoSessionFailsTheTurnAndIsAskedAgain() {
    ProtocolSession session = say(session(null, null), "Hello");
    lines(session, INITIALIZED, "{\"id\":2,\"error\":{\"code\":-32000,\"message\":\"No key\"}}");
    assertThat(session.outcomes())
        .singleElement()
        .isInstanceOfSatisfying(
            TurnOutcome.Failed.class,
            failed -> {
              assertThat(failed.code()).isEqualTo("AGENT_FAILED");
              assertThat(failed.message()).contains("No key");
            });
    say(session, "again");
    assertThat(methods(session)).containsExactly("initialize", "session/new", "initialize");
  }

  @Test
  void anInterruptBeforeThePromptWasSentSendsNone() {
    ProtocolSession session = say(session(null, null), "Hello");
    session.apply(new ProtocolInput.Interrupt());
    lines(session, INITIALIZED, OPENED);
    assertThat(session.outcomes()).containsExactly(new TurnOutcome.Interrupted());
    assertThat(methods(session)).containsExactly("initialize", "session/new");
    assertThat(say(session, "next").stdin()).contains("session/prompt");
  }

  @Test
  void anInterruptCancelsAndAnswersWhatIsOpen() {
    ProtocolSession session = lines(say(asking(), "Hello"), INITIALIZED, OPENED);
    lines(session, permission("allow_once", "reject_once"));
    session.apply(new ProtocolInput.Interrupt());
    assertThat(session.stdin())
        .endsWith(
            "{\"jsonrpc\":\"2.0\",\"id\":0,\"result\":{\"outcome\":{\"outcome\":\"cancelled\"}}}\n")
        .contains("session/cancel");
    lines(session, "{\"id\":3,\"result\":{\"stopReason\":\"cancelled\"}}");
    assertThat(session.outcomes()).containsExactly(new TurnOutcome.Interrupted());
  }

  private ProtocolSession asking() {
    AgentProfile asks = new ProfileBuilder().permissions(PermissionPolicy.ASK).build();
    ProtocolStart start =
        new ProtocolStart(new SessionId("s1"), null, asks, Map.of(), false, 1, Map.of());
    ProtocolSession session =
        new ProtocolSession(new AcpProtocol(start, new Dialect(Optional.empty()), heard));
    session.apply(new ProtocolInput.Start());
    return session;
  }

  private static String permission(String... kinds) {
    StringBuilder options = new StringBuilder();
    for (String kind : kinds) {
      options
          .append(options.isEmpty() ? "" : ",")
          .append("{\"optionId\":\"o-" + kind + "\",\"kind\":\"" + kind + "\"}");
    }
    return "{\"id\":0,\"method\":\"session/request_permission\",\"params\":{\"options\":["
        + options
        + "],\"toolCall\":{\"toolCallId\":\"t1\",\"title\":\"Write\"}}}";
  }

  @Test
  void anAnswerChoosesWhatCountsOnce() {
    ProtocolSession session = lines(say(asking(), "Hello"), INITIALIZED, OPENED);
    lines(session, permission("allow_always", "allow_once", "reject_always", "reject_once"));
    PermissionRequested asked = events(session, PermissionRequested.class).getFirst();
    assertThat(asked.request().input()).containsEntry("title", "Write");
    session.apply(
        new ProtocolInput.Answer(
            new io.agentruntime.model.event.PermissionAnswer(
                asked.request().requestId(), false, null, null, "client")));
    assertThat(session.stdin()).contains("\"optionId\":\"o-reject_once\"");
    assertThat(heard.all).contains("refused t1");
  }

  @Test
  void filesAndTerminalsAreRefused() {
    ProtocolSession session = lines(say(session(null, null), "Hello"), INITIALIZED, OPENED);
    lines(session, "{\"id\":7,\"method\":\"fs/read_text_file\",\"params\":{}}");
    assertThat(session.stdin()).contains("\"id\":7,\"error\":{\"code\":-32601");
  }

  @Test
  void anErrorOfTheModelIsSaidInItsOwnWords() {
    ProtocolSession session = lines(say(session(null, null), "Hello"), INITIALIZED, OPENED);
    lines(
        session,
        "{\"id\":3,\"error\":{\"code\":429,\"message\":"
            + "\"{\\\"error\\\":{\\\"message\\\":\\\"Too much\\\"}}\"}}");
    assertThat(session.outcomes())
        .containsExactly(new TurnOutcome.Failed("AGENT_FAILED", "Too much", true));
    assertThat(heard.all).containsExactly("turn 1", "ended badly");
  }

  @Test
  void aSecondMessageWaitsForTheEndOfTheFirst() {
    ProtocolSession session = lines(say(session(null, null), "one"), INITIALIZED, OPENED);
    say(session, "two");
    assertThat(methods(session)).filteredOn("session/prompt"::equals).hasSize(1);
    lines(session, "{\"id\":3,\"result\":{\"stopReason\":\"end_turn\"}}");
    assertThat(methods(session)).filteredOn("session/prompt"::equals).hasSize(2);
  }

  @Test
  void withoutAModeARequestThatNobodyKnowsTellsTheEndOfAReplay() {
    ProtocolSession session = say(session("n1", null), "Hello");
    lines(session, INITIALIZED, "{\"id\":2,\"result\":{}}", update("user_message_chunk"));
    lines(session, "{\"id\":3,\"error\":{\"code\":-32601,\"message\":\"Method not found\"}}");
    assertThat(methods(session)).doesNotContain("session/prompt");
    lines(session, "{\"id\":4,\"error\":{\"code\":-32601,\"message\":\"Method not found\"}}");
    assertThat(methods(session))
        .containsExactly(
            "initialize",
            "session/load",
            "_agent-runtime/fence",
            "_agent-runtime/fence",
            "session/prompt");
    assertThat(events(session, ErrorRaised.class)).isEmpty();
  }

  @Test
  void aPastThatCannotBeContinuedIsSaidInTheLogToo() {
    ProtocolSession session = say(session("gone", null), "Hello");
    lines(session, "{\"id\":1,\"result\":{\"agentCapabilities\":{}}}", OPENED);
    assertThat(methods(session)).containsExactly("initialize", "session/new", "session/prompt");
    assertThat(events(session, SessionEvent.ContextRestored.class))
        .singleElement()
        .satisfies(
            restored -> {
              assertThat(restored.fidelity()).isEqualTo("workspace-only");
              assertThat(restored.message()).contains("cannot load sessions");
            });
  }

  @Test
  void anotherVersionOfTheProtocolIsRefusedByItsNumber() {
    ProtocolSession session = say(session(null, null), "Hello");
    lines(session, "{\"id\":1,\"result\":{\"protocolVersion\":2}}");
    assertThat(session.outcomes())
        .containsExactly(
            new TurnOutcome.Failed(
                "UNSUPPORTED",
                "The program opens no session: it speaks version 2 of the protocol, this client"
                    + " version 1",
                false));
  }

  @Test
  void anImageForAProgramThatTakesNoneFailsTheTurnAlone() {
    ProtocolSession session = session(null, null);
    session.apply(
        new ProtocolInput.Turn(
            new io.agentruntime.spi.architecture.TurnInput(
                new io.agentruntime.model.turn.MessageId("m1"),
                new io.agentruntime.model.turn.UserContent.Parts(
                    List.of(
                        new io.agentruntime.model.turn.ContentPart.Image(
                            io.agentruntime.model.turn.ContentPart.Source.BASE64,
                            "aaaa",
                            null))))));
    lines(
        session,
        "{\"id\":1,\"result\":{\"agentCapabilities\":{\"promptCapabilities\":{}}}}",
        OPENED);
    assertThat(session.outcomes())
        .containsExactly(
            new TurnOutcome.Failed("UNSUPPORTED", "The program takes no images", false));
    assertThat(methods(say(session, "Hello")).getLast()).isEqualTo("session/prompt");
  }
}
