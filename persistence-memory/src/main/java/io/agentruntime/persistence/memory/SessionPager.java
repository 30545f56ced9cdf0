// SPDX-License-Identifier: MIT

package io.agentruntime.persistence.memory;

import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.model.session.SessionRecord;
import io.agentruntime.spi.persistence.SessionPage;
import io.agentruntime.spi.persistence.SessionQuery;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Cuts pages out of all sessions. A cursor is the key of the last session shown, so that sessions
 * which come or go between two pages make none appear twice.
 */
final class SessionPager {
  /** A session's place in the order. */
  private record Key(Instant activity, String id) implements Comparable<Key> {
    private static final Comparator<Key> ORDER =
        Comparator.comparing(Key::activity).reversed().thenComparing(Key::id);

    static Key of(SessionRecord session) {
      Instant activity = session.lastActivity();
      return new Key(activity == null ? session.createdAt() : activity, session.id().value());
    }

    @Override
    public int compareTo(Key other) {
      return ORDER.compare(this, other);
    }
  }

  private SessionPager() {}

  static SessionPage page(List<SessionRecord> sessions, SessionQuery query) {
    Key after = read(query.cursor());
    List<SessionRecord> found =
        sessions.stream()
            .filter(session -> matches(session, query))
            .filter(session -> after == null || Key.of(session).compareTo(after) > 0)
            .sorted(Comparator.comparing(Key::of))
            .limit(query.limit() + 1L)
            .toList();
    if (found.size() <= query.limit()) {
      return new SessionPage(found, null);
    }
    List<SessionRecord> page = found.subList(0, query.limit());
    return new SessionPage(page, write(Key.of(page.getLast())));
  }

  private static boolean matches(SessionRecord session, SessionQuery query) {
    return isAbsentOr(query.architecture(), session.architecture())
        && isAbsentOr(query.profileId(), session.profileId())
        && contains(session.name(), query.nameContains());
  }

  private static boolean isAbsentOr(@Nullable String wanted, String value) {
    return wanted == null || wanted.equals(value);
  }

  private static boolean contains(@Nullable String name, @Nullable String part) {
    return part == null
        || (name != null && name.toLowerCase(Locale.ROOT).contains(part.toLowerCase(Locale.ROOT)));
  }

  private static String write(Key key) {
    String text = key.activity() + " " + key.id();
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  private static @Nullable Key read(@Nullable String cursor) {
    if (cursor == null) {
      return null;
    }
    try {
      String text = new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8);
      int space = text.indexOf(' ');
      return new Key(Instant.parse(text.substring(0, space)), text.substring(space + 1));
    } catch (IllegalArgumentException | IndexOutOfBoundsException | DateTimeException e) {
      throw AgentRuntimeException.invalid("cursor", "the nextCursor of a page before");
    }
  }
}
