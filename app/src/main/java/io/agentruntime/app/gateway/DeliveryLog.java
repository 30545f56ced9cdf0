// SPDX-License-Identifier: MIT

package io.agentruntime.app.gateway;

import io.agentruntime.model.session.SessionId;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/**
 * In which order the events of several sessions were sent to one client. A client that comes back
 * names the last event it has, of whatever session; what it has of the others follows from the
 * order. Confined by its owner's lock; bounded.
 */
final class DeliveryLog {
  private static final int MAX_RUNS = 4_096;

  /** Events of one session, sent without any of another in between. */
  private static final class Run {
    final SessionId session;
    final long first;
    long last;

    Run(SessionId session, long seq) {
      this.session = session;
      this.first = seq;
      this.last = seq;
    }
  }

  private final Deque<Run> runs = new ArrayDeque<>();

  /** What stands in runs that were forgotten because there were too many. */
  private final Map<SessionId, Long> before = new HashMap<>();

  /** Takes note of an event that is being sent. */
  void sent(SessionId session, long seq) {
    Run latest = runs.peekLast();
    if (latest != null && latest.session.equals(session) && latest.last <= seq) {
      latest.last = seq;
      return;
    }
    if (runs.size() == MAX_RUNS) {
      Run oldest = runs.removeFirst();
      before.put(oldest.session, oldest.last);
    }
    runs.addLast(new Run(session, seq));
  }

  /**
   * Forgets everything that was sent after an event: it did not arrive.
   *
   * @return false, and nothing is forgotten, when that event is not known (any more)
   */
  boolean rewind(Offset last) {
    boolean known =
        runs.stream()
            .anyMatch(
                run ->
                    run.session.equals(last.session())
                        && run.first <= last.seq()
                        && last.seq() <= run.last);
    if (!known) {
      return false;
    }
    while (true) {
      Run run = runs.getLast();
      if (run.session.equals(last.session()) && run.first <= last.seq() && last.seq() <= run.last) {
        run.last = last.seq();
        return true;
      }
      runs.removeLast();
    }
  }

  /** Forgets a session, which is of no concern any more. */
  void forget(SessionId session) {
    before.remove(session);
    runs.removeIf(run -> run.session.equals(session));
  }

  /** The last event of each session that was sent and, as far as is known, arrived. */
  Map<SessionId, Long> cursors() {
    Map<SessionId, Long> cursors = new HashMap<>(before);
    runs.forEach(run -> cursors.put(run.session, run.last));
    return cursors;
  }
}
