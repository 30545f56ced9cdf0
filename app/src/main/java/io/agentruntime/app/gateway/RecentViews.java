// SPDX-License-Identifier: MIT

package io.agentruntime.app.gateway;

import io.agentruntime.app.rest.ViewObserver;
import io.agentruntime.model.session.SessionId;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * Remembers for a short while which state of a session a client was shown over HTTP.
 *
 * <p>Clients that load a session and then join it do not say what they loaded, and would miss what
 * happened in between. Thread-safe; bounded in time and number.
 */
@Singleton
final class RecentViews implements ViewObserver {
  private static final Duration REMEMBERED = Duration.ofSeconds(30);
  private static final int MAX_SESSIONS = 10_000;
  private static final int MAX_PER_SESSION = 32;

  /**
   * What a joining client may have been shown.
   *
   * @param oldest the oldest state
   * @param newest the newest state
   */
  record Shown(long oldest, long newest) {}

  private record View(ClientTraits client, long seq, long at) {}

  private final LongSupplier nanoTime;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<SessionId, Deque<View>> views =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<SessionId, Deque<View>> eldest) {
          return size() > MAX_SESSIONS;
        }
      };

  @Inject
  RecentViews() {
    this(System::nanoTime);
  }

  RecentViews(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  @Override
  public void viewed(HttpRequest<?> request, SessionId session, long seq) {
    InetSocketAddress peer = request.getRemoteAddress();
    HttpHeaders headers = request.getHeaders();
    viewed(
        new ClientTraits(
            peer.getAddress() == null ? peer.getHostString() : peer.getAddress().getHostAddress(),
            headers.get(HttpHeaders.USER_AGENT),
            headers.get(HttpHeaders.ORIGIN)),
        session,
        seq);
  }

  void viewed(ClientTraits client, SessionId session, long seq) {
    lock.lock();
    try {
      Deque<View> known = views.computeIfAbsent(session, ignored -> new ArrayDeque<>());
      forgetOld(known);
      if (known.size() == MAX_PER_SESSION) {
        known.removeFirst();
      }
      known.addLast(new View(client, seq, nanoTime.getAsLong()));
    } finally {
      lock.unlock();
    }
  }

  /** What a client with these traits may have been shown lately, empty when nothing. */
  Optional<Shown> shown(ClientTraits client, SessionId session) {
    lock.lock();
    try {
      Deque<View> known = views.getOrDefault(session, new ArrayDeque<>());
      forgetOld(known);
      long oldest = Long.MAX_VALUE;
      long newest = -1;
      for (View view : known) {
        if (view.client().mayBe(client)) {
          oldest = Math.min(oldest, view.seq());
          newest = Math.max(newest, view.seq());
        }
      }
      return newest < 0 ? Optional.empty() : Optional.of(new Shown(oldest, newest));
    } finally {
      lock.unlock();
    }
  }

  private void forgetOld(Deque<View> known) {
    long now = nanoTime.getAsLong();
    while (!known.isEmpty() && now - known.getFirst().at() > REMEMBERED.toNanos()) {
      known.removeFirst();
    }
  }
}
