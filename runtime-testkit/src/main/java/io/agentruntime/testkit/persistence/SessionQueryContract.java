// SPDX-License-Identifier: MIT

package io.agentruntime.testkit.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentruntime.error.StandardError;
import io.agentruntime.model.session.SessionId;
import io.agentruntime.model.session.SessionRecord;
import io.agentruntime.model.session.SessionUpdate;
import io.agentruntime.spi.persistence.LeaseEpoch;
import io.agentruntime.spi.persistence.PersistenceCapability;
import io.agentruntime.spi.persistence.RecordUpdate;
import io.agentruntime.spi.persistence.SessionPage;
import io.agentruntime.spi.persistence.SessionQuery;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The profile id keeps a test's sessions apart from others in the same database. */
@Role(PersistenceCapability.QUERY)
abstract class SessionQueryContract extends RoleContract {
  private final String profile = "profile-" + UUID.randomUUID();

  private SessionRecord create(
      String id, String architecture, @Nullable Integer activitySeconds, @Nullable String name)
      throws InterruptedException {
    SessionRecord session =
        new SessionRecord(
            new SessionId(id + "-" + profile.substring(8)),
            architecture,
            profile,
            Map.of(),
            bench().clock.instant(),
            activitySeconds == null ? null : bench().clock.instant().plusSeconds(activitySeconds),
            name,
            Map.of(),
            null);
    adapter().createSessionRecord(session);
    return session;
  }

  private SessionQuery mine(int limit, @Nullable String cursor) {
    return new SessionQuery(null, profile, null, limit, cursor);
  }

  private List<SessionRecord> all(int limit) throws InterruptedException {
    List<SessionRecord> all = new ArrayList<>();
    SessionPage page = adapter().query(mine(limit, null));
    all.addAll(page.sessions());
    while (page.nextCursor() != null) {
      page = adapter().query(mine(limit, page.nextCursor()));
      all.addAll(page.sessions());
    }
    return all;
  }

  @Test
  void theNewestActivityComesFirstAndTheCreationCountsWhereThereIsNone()
      throws InterruptedException {
    SessionRecord unused = create("a", "x", null, null);
    SessionRecord newest = create("b", "x", 20, null);
    SessionRecord newer = create("c", "x", 10, null);
    assertThat(all(10)).containsExactly(newest, newer, unused);
  }

  @Test
  void pagesGiveEachSessionOnceAlsoWhenTheirTimesAreTheSame() throws InterruptedException {
    List<SessionRecord> expected = new ArrayList<>();
    for (int i = 0; i < 25; i++) {
      expected.add(create("s%02d".formatted(i), "x", 5, null));
    }
    for (int limit : new int[] {1, 4, 24, 25, 26}) {
      assertThat(all(limit)).isEqualTo(expected);
    }
    assertThat(adapter().query(mine(25, null)).nextCursor()).isNull();
  }

  @Test
  void aSessionThatMovesBetweenTwoPagesMakesNoOtherAppearTwice() throws InterruptedException {
    for (int i = 0; i < 9; i++) {
      create("s" + i, "x", 100 - i, null);
    }
    SessionPage first = adapter().query(mine(4, null));
    SessionId moved = first.sessions().getLast().id();
    adapter()
        .updateSessionRecord(
            new RecordUpdate(
                moved,
                LeaseEpoch.NONE,
                SessionUpdate.activity(bench().clock.instant().plusSeconds(1000))));
    List<SessionId> seen = new ArrayList<>();
    first.sessions().forEach(session -> seen.add(session.id()));
    SessionPage second = adapter().query(mine(100, first.nextCursor()));
    second.sessions().forEach(session -> seen.add(session.id()));
    assertThat(seen).hasSize(9).doesNotHaveDuplicates();
  }

  @Test
  void sessionsAreFilteredByArchitectureProfileAndName() throws InterruptedException {
    SessionRecord first = create("a", "claude-agent-sdk", 3, "Fix the LOGIN page");
    SessionRecord second = create("b", "opencode", 2, "login again");
    SessionRecord third = create("c", "claude-agent-sdk", 1, null);
    assertThat(find("claude-agent-sdk", null)).containsExactly(first, third);
    assertThat(find("claude", null)).isEmpty();
    assertThat(find(null, "Login")).containsExactly(first, second);
    assertThat(find("opencode", "login")).containsExactly(second);
    assertThat(adapter().query(new SessionQuery(null, profile + "x", null, 10, null)).sessions())
        .isEmpty();
  }

  @Test
  void aNameIsSearchedLiterally() throws InterruptedException {
    SessionRecord percent = create("a", "x", 3, "100% done_now \\o/");
    SessionRecord plain = create("b", "x", 2, "1000 doneXnow ünï \uD83D\uDE80");
    assertThat(find(null, "0%")).containsExactly(percent);
    assertThat(find(null, "e_n")).containsExactly(percent);
    assertThat(find(null, "\\o")).containsExactly(percent);
    assertThat(find(null, "\uD83D\uDE80")).containsExactly(plain);
    assertThat(find(null, "ünï")).containsExactly(plain);
    assertThat(find(null, "")).containsExactly(percent, plain);
    assertThat(find(null, "'")).isEmpty();
  }

  private List<SessionRecord> find(@Nullable String architecture, @Nullable String name)
      throws InterruptedException {
    return adapter().query(new SessionQuery(architecture, profile, name, 10, null)).sessions();
  }

  @Test
  void aCursorThatThisStoreDidNotGiveIsRefused() {
    for (String cursor : List.of("", "x", "%%%", "MQ", "' or 1=1 --")) {
      assertRefused(StandardError.INVALID_ARGUMENT, () -> adapter().query(mine(10, cursor)));
    }
  }
}
