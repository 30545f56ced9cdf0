// SPDX-License-Identifier: MIT

package io.agentruntime.bench.crash;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.agentruntime.bench.crash.Story.Logged;
import io.agentruntime.bench.crash.Story.Message;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** That the checker finds what it is there to find, and nothing else. */
class CheckerTest {
  private static final List<String> CONVERSATION = List.of("user: hello", "agent: hi");

  private static final Story GOOD =
      new Story(
          "good",
          true,
          List.of(message("m1", "hello", "one"), message("m2", "more", "two")),
          List.of(delta(3, "b", "h"), delta(4, "b", "i"), told(6, "session:turn:completed")),
          List.of(delta(4, "b", "hi"), told(6, "session:turn:completed")),
          List.of(told(1, "TurnQueued"), told(4, "BlockDelta")),
          List.of(told(1, "TurnQueued"), told(4, "BlockDelta"), told(6, "TurnCompleted")),
          List.of(
              logged(1, "TurnQueued", "m1"),
              logged(2, "TurnStarted", "m1"),
              user(3, "hello"),
              logged(4, "PermissionRequested", "p1"),
              logged(5, "PermissionResolved", "p1"),
              logged(6, "TurnCompleted", "m1"),
              logged(7, "TurnQueued", "m2"),
              logged(8, "TurnStarted", "m2"),
              user(9, "more"),
              logged(10, "TurnCompleted", "m2")),
          List.of(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L, 10L),
          10,
          List.of("one", "two"),
          CONVERSATION,
          List.of());

  @Test
  void findsNothingWhereNothingIsWrong() {
    Findings findings = check(GOOD);
    assertThat(findings.isClean()).as("%s", findings.lines()).isTrue();
    assertThat(findings.looked(Check.STORED_WITHOUT_GAP)).isEqualTo(11);
    assertThat(findings.looked(Check.TURNS_ONCE)).isEqualTo(2);
  }

  @Test
  void findsAGapInTheNumbers() {
    assertThat(wrong(stored(List.of(1L, 2L, 4L, 5L, 6L, 7L, 8L, 9L, 10L), 10)))
        .containsExactly(Check.STORED_WITHOUT_GAP);
  }

  @Test
  void findsANumberThatIsThereTwice() {
    assertThat(wrong(stored(List.of(1L, 2L, 3L, 3L, 4L, 5L, 6L, 7L, 8L, 9L, 10L), 10)))
        .containsExactly(Check.STORED_WITHOUT_GAP);
  }

  @Test
  void findsALogThatEndsBeforeItsLastNumber() {
    assertThat(wrong(stored(GOOD.stored(), 11))).containsExactly(Check.STORED_WITHOUT_GAP);
  }

  @Test
  void findsEventsThatWereToldInTheWrongOrder() {
    assertThat(
            wrong(
                seen(
                    List.of(
                        delta(4, "b", "h"),
                        delta(3, "b", "i"),
                        told(6, "session:turn:completed")))))
        .containsExactly(Check.TOLD_IN_ORDER);
  }

  @Test
  void findsAStreamThatBeganAgain() {
    List<Told> reset = new ArrayList<>(GOOD.seen());
    reset.add(1, told(4, "session:reset"));
    assertThat(wrong(seen(reset))).contains(Check.TOLD_IN_ORDER);
  }

  @Test
  void findsAnEventThatIsMissingAfterwards() {
    assertThat(wrong(replay(GOOD.replay().subList(0, 1))))
        .containsExactly(Check.NOTHING_CHANGED_AFTERWARDS);
  }

  @Test
  void findsAnEventThatTheClientWasNotTold() {
    assertThat(wrong(seen(List.of(delta(3, "b", "h"), told(6, "session:turn:completed")))))
        .containsExactly(Check.NOTHING_CHANGED_AFTERWARDS);
  }

  @Test
  void findsATextThatIsAnotherAfterwards() {
    assertThat(wrong(replay(List.of(delta(4, "b", "ho"), told(6, "session:turn:completed")))))
        .containsExactly(Check.NOTHING_CHANGED_AFTERWARDS);
  }

  @Test
  void findsAnEventThatServerSentEventsLeftOutOrChanged() {
    assertThat(wrong(streamed(List.of(told(4, "BlockDelta")))))
        .containsExactly(Check.NOTHING_CHANGED_AFTERWARDS);
    assertThat(wrong(streamed(List.of(told(1, "TurnQueued"), delta(4, "b", "else")))))
        .containsExactly(Check.NOTHING_CHANGED_AFTERWARDS);
  }

  @Test
  void findsAnAcknowledgedMessageThatIsLost() {
    assertThat(wrong(log(events -> events.removeIf(e -> e.messageId().equals("m2")))))
        .containsExactlyInAnyOrder(Check.MESSAGES_ONCE, Check.TURNS_ONCE);
  }

  @Test
  void findsAMessageThatIsThereTwice() {
    assertThat(wrong(log(events -> events.add(logged(11, "TurnQueued", "m2")))))
        .containsExactly(Check.MESSAGES_ONCE);
  }

  @Test
  void findsAMessageThatNobodyWasToldOf() {
    assertThat(wrong(log(events -> events.add(logged(11, "TurnQueued", "m3")))))
        .containsExactly(Check.MESSAGES_ONCE);
  }

  @Test
  void findsAUsersBlockThatIsThereTwice() {
    assertThat(wrong(log(events -> events.add(user(11, "more")))))
        .containsExactly(Check.MESSAGES_ONCE);
  }

  @Test
  void findsATurnThatRanTwice() {
    assertThat(
            wrong(
                log(
                    events -> {
                      events.add(logged(11, "TurnStarted", "m2"));
                      events.add(logged(12, "TurnCompleted", "m2"));
                      return true;
                    })))
        .containsExactly(Check.TURNS_ONCE);
  }

  @Test
  void findsATurnThatFailed() {
    assertThat(
            wrong(
                log(
                    events -> {
                      events.removeLast();
                      return events.add(logged(10, "TurnFailed", "m2"));
                    })))
        .containsExactly(Check.TURNS_ONCE);
  }

  @Test
  void allowsAnInterruptOnlyWhereOneWasSent() {
    UnaryOperator<Story> interrupted =
        story ->
            log(
                story,
                events -> {
                  events.removeLast();
                  return events.add(logged(10, "TurnInterrupted", "m2"));
                });
    assertThat(wrong(interrupted.apply(GOOD))).containsExactly(Check.TURNS_ONCE);
    Story asked =
        messages(
            List.of(
                GOOD.messages().getFirst(),
                new Message("m2", "more", true, false, List.of("two"))));
    assertThat(wrong(interrupted.apply(asked))).isEmpty();
  }

  @Test
  void findsAPermissionThatNobodyAnswered() {
    assertThat(wrong(log(events -> events.removeIf(e -> e.type().equals("PermissionResolved")))))
        .containsExactly(Check.PERMISSIONS_ONCE);
  }

  @Test
  void findsAToolThatRanTwice() {
    assertThat(wrong(effects(List.of("one", "one", "two")))).containsExactly(Check.TOOLS_ONCE);
  }

  @Test
  void findsAToolThatDidNotRun() {
    assertThat(wrong(effects(List.of("two")))).containsExactly(Check.TOOLS_ONCE);
  }

  @Test
  void findsAConversationThatIsAnother() {
    assertThat(wrong(conversation(List.of("user: hello", "agent: hi", "agent: hi"))))
        .containsExactly(Check.CONVERSATION_AS_UNDISTURBED);
    assertThat(wrong(conversation(List.of("user: hello"))))
        .containsExactly(Check.CONVERSATION_AS_UNDISTURBED);
  }

  @Test
  void tellsWhatAClientFoundWrongByItself() {
    assertThat(
            wrong(
                new Story(
                    GOOD.name(),
                    true,
                    GOOD.messages(),
                    GOOD.seen(),
                    GOOD.replay(),
                    GOOD.streamed(),
                    GOOD.pages(),
                    GOOD.log(),
                    GOOD.stored(),
                    GOOD.storedLast(),
                    GOOD.effects(),
                    GOOD.conversation(),
                    List.of("waited in vain"))))
        .containsExactly(Check.CLIENTS_WERE_SERVED);
  }

  @Test
  void aClientNotesWhatComesTwiceOrAgain() {
    History history = new History();
    history.join();
    history.add(told(1, "session:turn:queued"));
    history.add(told(2, "session:turn:started"));
    assertThat(history.join()).isEqualTo(2);
    history.add(told(2, "session:status"));
    assertThat(history.troubles()).isEmpty();
    history.add(told(2, "session:turn:started"));
    history.add(told(2, "session:reset"));
    assertThat(history.troubles()).hasSize(2);
    assertThat(history.told()).hasSize(2);
  }

  private static Findings check(Story story) {
    Findings findings = new Findings();
    Checker.check(story, CONVERSATION, findings);
    return findings;
  }

  private static Set<Check> wrong(Story story) {
    Findings findings = check(story);
    Set<Check> wrong = EnumSet.noneOf(Check.class);
    for (Check check : Check.values()) {
      if (!findings.violations(check).isEmpty()) {
        wrong.add(check);
      }
    }
    return wrong;
  }

  private static Message message(String id, String text, String effect) {
    return new Message(id, text, false, false, List.of(effect));
  }

  private static Logged logged(long seq, String type, String about) {
    return new Logged(seq, type, about, "", "");
  }

  private static Logged user(long seq, String text) {
    return new Logged(seq, "BlockCompleted", "", text, "");
  }

  private static Told told(long seq, String name) {
    return new Told(seq, name, payload(seq));
  }

  private static Told delta(long seq, String block, String text) {
    return new Told(
        seq, "session:block:delta", payload(seq).put("blockId", block).put("delta", text));
  }

  private static ObjectNode payload(long seq) {
    return JsonNodeFactory.instance.objectNode().put("seq", seq);
  }

  private interface Change {
    boolean apply(List<Logged> events);
  }

  private static Story log(Change change) {
    return log(GOOD, change);
  }

  private static Story log(Story story, Change change) {
    List<Logged> events = new ArrayList<>(story.log());
    assertThat(change.apply(events)).isTrue();
    return with(story, story.messages(), story.seen(), story.replay(), events);
  }

  private static Story messages(List<Message> messages) {
    return with(GOOD, messages, GOOD.seen(), GOOD.replay(), GOOD.log());
  }

  private static Story seen(List<Told> seen) {
    return with(GOOD, GOOD.messages(), seen, GOOD.replay(), GOOD.log());
  }

  private static Story replay(List<Told> replay) {
    return with(GOOD, GOOD.messages(), GOOD.seen(), replay, GOOD.log());
  }

  private static Story streamed(List<Told> streamed) {
    return new Story(
        GOOD.name(),
        true,
        GOOD.messages(),
        GOOD.seen(),
        GOOD.replay(),
        streamed,
        GOOD.pages(),
        GOOD.log(),
        GOOD.stored(),
        GOOD.storedLast(),
        GOOD.effects(),
        GOOD.conversation(),
        List.of());
  }

  private static Story with(
      Story story, List<Message> messages, List<Told> seen, List<Told> replay, List<Logged> log) {
    return new Story(
        story.name(),
        story.exact(),
        messages,
        seen,
        replay,
        story.streamed(),
        story.pages(),
        log,
        story.stored(),
        story.storedLast(),
        story.effects(),
        story.conversation(),
        story.troubles());
  }

  private static Story stored(List<Long> stored, long last) {
    return left(stored, last, GOOD.effects(), GOOD.conversation());
  }

  private static Story effects(List<String> effects) {
    return left(GOOD.stored(), GOOD.storedLast(), effects, GOOD.conversation());
  }

  private static Story conversation(List<String> conversation) {
    return left(GOOD.stored(), GOOD.storedLast(), GOOD.effects(), conversation);
  }

  private static Story left(
      List<Long> stored, long last, List<String> effects, List<String> conversation) {
    return new Story(
        GOOD.name(),
        true,
        GOOD.messages(),
        GOOD.seen(),
        GOOD.replay(),
        GOOD.streamed(),
        GOOD.pages(),
        GOOD.log(),
        stored,
        last,
        effects,
        conversation,
        List.of());
  }
}
