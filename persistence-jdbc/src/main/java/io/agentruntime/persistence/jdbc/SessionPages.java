// SPDX-License-Identifier: MIT

package io.agentruntime.persistence.jdbc;

import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.model.session.SessionId;
import io.agentruntime.model.session.SessionRecord;
import io.agentruntime.spi.persistence.SessionPage;
import io.agentruntime.spi.persistence.SessionQuery;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Pages of sessions, each one walk along an index. A cursor is the place of the last session shown,
 * so that sessions which come or go between two pages make none appear twice. Thread-safe.
 */
final class SessionPages {
  /** A session's place in the order. */
  private record Place(long order, String id) {}

  private record Found(Place place, SessionRecord session) {}

  private final Database database;

  SessionPages(Database database) {
    this.database = database;
  }

  SessionPage query(SessionQuery query) throws InterruptedException {
    List<Object> parameters = new ArrayList<>();
    String sql = sql(query, parameters);
    List<Found> found =
        database.read(
            "listing sessions",
            tx ->
                tx.all(
                    sql,
                    row ->
                        new Found(
                            new Place(row.getLong(2), row.getString(3)), SessionTable.record(row)),
                    parameters.toArray()));
    if (found.size() <= query.limit()) {
      return new SessionPage(found.stream().map(Found::session).toList(), null);
    }
    List<Found> page = found.subList(0, query.limit());
    return new SessionPage(
        page.stream().map(Found::session).toList(), write(page.getLast().place()));
  }

  private String sql(SessionQuery query, List<Object> parameters) {
    StringBuilder sql =
        new StringBuilder(
            "SELECT r.record, s.activity_order, s.id FROM session s"
                + " JOIN session_record r ON r.session_key = s.session_key WHERE 1 = 1");
    if (query.architecture() != null) {
      sql.append(" AND s.architecture_hash = ?");
      parameters.add(Keys.of(query.architecture()));
    }
    if (query.profileId() != null) {
      sql.append(" AND s.profile_hash = ?");
      parameters.add(Keys.of(query.profileId()));
    }
    String part = query.nameContains();
    if (part != null && part.isEmpty()) {
      sql.append(" AND s.name_search IS NOT NULL");
    } else if (part != null) {
      sql.append(" AND ").append(database.engine().contains("s.name_search"));
      parameters.add(SessionTable.searchable(part));
    }
    Place after = read(query.cursor());
    if (after != null) {
      // In this form every database begins at the right place of the index.
      sql.append(" AND s.activity_order >= ? AND (s.activity_order > ? OR s.id > ?)");
      parameters.add(after.order());
      parameters.add(after.order());
      parameters.add(after.id());
    }
    sql.append(" ORDER BY s.activity_order, s.id LIMIT ?");
    parameters.add(query.limit() + 1);
    return sql.toString();
  }

  private static String write(Place place) {
    String text = place.order() + " " + place.id();
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  private static @Nullable Place read(@Nullable String cursor) {
    if (cursor == null) {
      return null;
    }
    try {
      String text = new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8);
      int space = text.indexOf(' ');
      return new Place(
          Long.parseLong(text.substring(0, space)),
          new SessionId(text.substring(space + 1)).value());
    } catch (IllegalArgumentException | IndexOutOfBoundsException | AgentRuntimeException e) {
      throw AgentRuntimeException.invalid("cursor", "the nextCursor of a page before");
    }
  }
}
