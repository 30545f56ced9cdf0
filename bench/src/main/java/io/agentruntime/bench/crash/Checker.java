// SPDX-License-Identifier: MIT

package io.agentruntime.bench.crash;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.agentruntime.bench.crash.Story.Logged;
import io.agentruntime.bench.crash.Story.Message;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Looks at what is left of a session for what must not be. Stateless. */
final class Checker {
  private static final int SHOWN = 300;
  private static final Set<String> DELTAS =
      Set.of("session:block:delta", "session:block:input:delta");

  private static final Set<String> TURN =
      Set.of("TurnStarted", "TurnCompleted", "TurnFailed", "TurnInterrupted", "TurnCancelled");

  private Checker() {}

  /**
   * Looks at a session.
   *
   * @param undisturbed the conversation of the same script on a server that nothing happened to
   */
  static void check(Story story, List<String> undisturbed, Findings findings) {
    storedWithoutGap(story, findings);
    toldInOrder(story, findings);
    nothingChanged(story, findings);
    messagesOnce(story, findings);
    turnsOnce(story, findings);
    permissionsOnce(story, findings);
    toolsOnce(story, findings);
    if (story.exact()) {
      compare(
          Check.CONVERSATION_AS_UNDISTURBED,
          story.name(),
          story.conversation(),
          undisturbed,
          findings);
    }
    findings.looked(Check.CLIENTS_WERE_SERVED, 1);
    story
        .troubles()
        .forEach(t -> findings.violation(Check.CLIENTS_WERE_SERVED, story.name() + ": " + t));
  }

  private static void storedWithoutGap(Story story, Findings findings) {
    long expected = 1;
    for (long seq : story.stored()) {
      findings.require(
          Check.STORED_WITHOUT_GAP,
          seq == expected,
          story.name() + ": event " + seq + " stands where " + expected + " should");
      expected = seq + 1;
    }
    findings.require(
        Check.STORED_WITHOUT_GAP,
        story.storedLast() == expected - 1,
        story.name() + ": the last is " + (expected - 1) + ", not " + story.storedLast());
  }

  private static void toldInOrder(Story story, Findings findings) {
    for (List<Told> stream : List.of(story.seen(), story.replay(), story.streamed())) {
      long last = 0;
      for (Told told : stream) {
        findings.require(
            Check.TOLD_IN_ORDER,
            told.seq() > last && !told.name().equals("session:reset"),
            "%s: %s with %d after %d".formatted(story.name(), told.name(), told.seq(), last));
        last = told.seq();
      }
    }
  }

  private static void nothingChanged(Story story, Findings findings) {
    long last = story.seen().isEmpty() ? 0 : story.seen().getLast().seq();
    // The sandbox may report on files after the client has left.
    List<Told> replay = story.replay().stream().filter(told -> told.seq() <= last).toList();
    compare(
        Check.NOTHING_CHANGED_AFTERWARDS,
        story.name(),
        essence(story.seen()),
        essence(replay),
        findings);
    long streamed = story.streamed().isEmpty() ? 0 : story.streamed().getLast().seq();
    compare(
        Check.NOTHING_CHANGED_AFTERWARDS,
        story.name() + " (server-sent events)",
        story.streamed().stream().map(told -> told.payload().toString()).toList(),
        story.pages().stream()
            .filter(told -> told.seq() <= streamed)
            .map(told -> told.payload().toString())
            .toList(),
        findings);
  }

  /** Events as texts; deltas that follow each other are one, as they may be joined on their way. */
  private static List<String> essence(List<Told> stream) {
    List<String> essence = new ArrayList<>();
    String open = "";
    StringBuilder text = new StringBuilder();
    long from = 0;
    for (Told told : stream) {
      String growing =
          DELTAS.contains(told.name()) ? told.name() + " " + told.text("/blockId") : "";
      if (!open.isEmpty() && !open.equals(growing)) {
        essence.add(open + " " + text);
        text.setLength(0);
      }
      open = growing;
      from = told.seq();
      if (growing.isEmpty()) {
        essence.add(told.seq() + " " + told.name() + " " + lasting(told.payload()));
      } else {
        text.append(told.text("/delta"));
      }
    }
    if (!open.isEmpty()) {
      essence.add(open + " " + text + " up to " + from);
    }
    return essence;
  }

  /** Without a file's text, which is that of the moment. */
  private static JsonNode lasting(JsonNode payload) {
    JsonNode copy = payload.deepCopy();
    if (copy.path("file") instanceof ObjectNode file) {
      file.remove(List.of("content", "binary", "truncated"));
    }
    return copy;
  }

  private static void messagesOnce(Story story, Findings findings) {
    Map<String, Integer> ids = new HashMap<>();
    for (Message message : story.messages()) {
      ids.merge(message.id(), 1, Integer::sum);
      once(
          Check.MESSAGES_ONCE,
          story,
          "queued " + message.id(),
          logged -> logged.type().equals("TurnQueued") && logged.messageId().equals(message.id()),
          findings);
      once(
          Check.MESSAGES_ONCE,
          story,
          "user's block of " + message.id(),
          logged -> logged.userText().equals(message.text()),
          findings);
    }
    ids.forEach(
        (id, times) ->
            findings.require(
                Check.MESSAGES_ONCE,
                times == 1,
                story.name() + ": " + times + " messages have the id " + id));
    long queued = count(story, logged -> logged.type().equals("TurnQueued"));
    findings.require(
        Check.MESSAGES_ONCE,
        queued == story.messages().size(),
        "%s: %d messages were sent, %d are there"
            .formatted(story.name(), story.messages().size(), queued));
  }

  private static void turnsOnce(Story story, Findings findings) {
    for (Message message : story.messages()) {
      String turn =
          story.log().stream()
              .filter(logged -> logged.messageId().equals(message.id()))
              .map(Logged::type)
              .filter(TURN::contains)
              .collect(Collectors.joining(" "));
      boolean right =
          turn.equals("TurnStarted TurnCompleted")
              || message.interrupted() && turn.equals("TurnStarted TurnInterrupted")
              || message.steered() && turn.equals("TurnCancelled");
      findings.require(
          Check.TURNS_ONCE,
          right,
          story.name() + ": the turn of " + message.id() + " is [" + turn + "]");
    }
  }

  private static void permissionsOnce(Story story, Findings findings) {
    for (Logged asked : story.log()) {
      if (asked.type().equals("PermissionRequested")) {
        once(
            Check.PERMISSIONS_ONCE,
            story,
            "answer to " + asked.messageId(),
            logged ->
                logged.type().equals("PermissionResolved")
                    && logged.messageId().equals(asked.messageId()),
            findings);
      }
    }
  }

  private static void toolsOnce(Story story, Findings findings) {
    List<String> expected =
        story.messages().stream().flatMap(message -> message.effects().stream()).toList();
    compare(Check.TOOLS_ONCE, story.name() + " (lines)", story.effects(), expected, findings);
  }

  private static void once(
      Check check, Story story, String what, Predicate<Logged> wanted, Findings findings) {
    long times = count(story, wanted);
    findings.require(
        check, times == 1, story.name() + ": " + what + " is there " + times + " times");
  }

  private static long count(Story story, Predicate<Logged> wanted) {
    return story.log().stream().filter(wanted).count();
  }

  private static void compare(
      Check check, String name, List<String> is, List<String> should, Findings findings) {
    findings.looked(check, Math.max(is.size(), should.size()));
    for (int i = 0; i < Math.max(is.size(), should.size()); i++) {
      String a = i < is.size() ? is.get(i) : "(nothing)";
      String b = i < should.size() ? should.get(i) : "(nothing)";
      if (!a.equals(b)) {
        findings.violation(
            check,
            "%s: the first difference is at %d: is %s, should be %s"
                .formatted(name, i, cut(a, b), cut(b, a)));
        return;
      }
    }
  }

  /** Around the first difference. */
  private static String cut(String text, String other) {
    int from = 0;
    while (from < Math.min(text.length(), other.length())
        && text.charAt(from) == other.charAt(from)) {
      from++;
    }
    int begin = Math.max(0, from - SHOWN / 2);
    int end = Math.min(text.length(), from + SHOWN / 2);
    return (begin > 0 ? "…" : "") + text.substring(begin, end) + (end < text.length() ? "…" : "");
  }
}
