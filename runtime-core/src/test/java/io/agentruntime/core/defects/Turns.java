// SPDX-License-Identifier: MIT

package io.agentruntime.core.defects;

import io.agentruntime.core.RuntimeFixture;
import io.agentruntime.core.event.EventFeed;
import io.agentruntime.core.event.FeedBatch;
import io.agentruntime.core.session.MessageReceipt;
import io.agentruntime.core.session.MessageRequest;
import io.agentruntime.core.session.Session;
import io.agentruntime.model.event.EventEnvelope;
import io.agentruntime.model.event.SessionEvent;
import io.agentruntime.model.turn.MessageId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** One turn after the other. */
final class Turns {
  private Turns() {}

  /** Sends a message, waits until its turn has ended, and gives the events of that time. */
  static List<EventEnvelope> turn(Session session, String text) throws InterruptedException {
    long before = session.view().lastSeq();
    MessageReceipt sent = session.send(MessageRequest.text(text));
    return RuntimeFixture.until(session, before, event -> ends(event, sent.messageId()));
  }

  /** Does a turn and waits until all that it changed is stored. */
  static List<EventEnvelope> storedTurn(Session session, String text) throws InterruptedException {
    long before = session.view().lastSeq();
    turn(session, text);
    session.sync();
    long last = session.view().lastSeq();
    List<EventEnvelope> events = new ArrayList<>();
    try (EventFeed feed = session.feed(before)) {
      while (events.isEmpty() || events.getLast().seq() < last) {
        FeedBatch batch = feed.next(Duration.ofSeconds(20));
        if (batch.events().isEmpty()) {
          throw new AssertionError("the feed ended at " + events.size() + " events");
        }
        events.addAll(batch.events());
      }
    }
    return events;
  }

  /** All blocks as text, for a look at what is in them. */
  static String blocks(Session session) {
    return session.view().conversation().blocks().toString();
  }

  private static boolean ends(SessionEvent event, MessageId id) {
    return switch (event) {
      case SessionEvent.TurnCompleted e -> e.messageId().equals(id);
      case SessionEvent.TurnFailed e -> e.messageId().equals(id);
      case SessionEvent.TurnInterrupted e -> e.messageId().equals(id);
      default -> false;
    };
  }
}
