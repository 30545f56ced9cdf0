// SPDX-License-Identifier: MIT

package io.agentruntime.testkit.persistence;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import io.agentruntime.model.session.SessionId;
import io.agentruntime.model.session.SessionRecord;
import io.agentruntime.model.session.SessionUpdate;
import io.agentruntime.model.transcript.StoredTranscript;
import io.agentruntime.spi.persistence.LeaseEpoch;
import io.agentruntime.spi.persistence.RecordUpdate;
import io.agentruntime.spi.persistence.StoredSession;
import io.agentruntime.spi.persistence.TranscriptWrite;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

abstract class BasicOperationsContract extends RoleContract {
  private StoredSession load(SessionId id) throws InterruptedException {
    return adapter().loadSession(id).orElseThrow();
  }

  private void save(SessionId id, String raw, @Nullable String subagent)
      throws InterruptedException {
    adapter().saveTranscript(new TranscriptWrite(id, LeaseEpoch.NONE, raw, subagent));
  }

  @Test
  void aSessionComesBackWithEveryField() throws InterruptedException {
    SessionRecord session =
        new SessionRecord(
            new SessionId("ses_" + UUID.randomUUID()),
            "opencode",
            "profile.v1:x",
            Map.of("model", "anthropic/x", "nested", Map.of("list", List.of(1, "two", true))),
            bench().clock.instant().plusMillis(123),
            bench().clock.instant().plusMillis(456),
            UNICODE,
            Map.of("owner", UNICODE, "nothing", List.of()),
            "docker");
    adapter().createSessionRecord(session);
    assertThat(adapter().loadSessionRecord(session.id())).contains(session);
    StoredSession loaded = load(session.id());
    assertThat(loaded.record()).isEqualTo(session);
    assertThat(loaded.transcript()).isNull();
    assertThat(loaded.files()).isEmpty();
    assertThat(adapter().listAllSessions()).contains(session);
  }

  @Test
  void absentFieldsStayAbsent() throws InterruptedException {
    SessionId id = bench().session();
    assertThat(load(id).record()).isEqualTo(bench().record(id));
  }

  @Test
  void anUnknownSessionIsEmpty() throws InterruptedException {
    assertThat(adapter().loadSession(NOBODY)).isEmpty();
    assertThat(adapter().loadSessionRecord(NOBODY)).isEmpty();
  }

  @Test
  void sessionIdsDifferByCase() throws InterruptedException {
    String id = UUID.randomUUID().toString();
    adapter().createSessionRecord(bench().record(new SessionId("a" + id)));
    adapter().createSessionRecord(bench().record(new SessionId("A" + id)));
    assertThat(load(new SessionId("A" + id)).record().id().value()).startsWith("A");
  }

  @Test
  void creatingASessionTwiceIsRefusedAndChangesNothing() throws InterruptedException {
    SessionId id = bench().session();
    SessionRecord other =
        new SessionRecord(
            id, "x", "y", Map.of(), bench().clock.instant(), null, "other", Map.of(), null);
    assertRefused(StandardError.SESSION_EXISTS, () -> adapter().createSessionRecord(other));
    assertThat(load(id).record()).isEqualTo(bench().record(id));
  }

  @Test
  void ofManyCreatorsOfOneSessionExactlyOneSucceeds() throws InterruptedException {
    SessionRecord session = bench().record(new SessionId(UUID.randomUUID().toString()));
    List<Callable<Boolean>> tasks = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      tasks.add(
          () -> {
            try {
              adapter().createSessionRecord(session);
              return true;
            } catch (AgentRuntimeException e) {
              assertThat(e.code()).isEqualTo(StandardError.SESSION_EXISTS);
              return false;
            }
          });
    }
    assertThat(atOnce(tasks)).containsOnlyOnce(true);
  }

  @Test
  void anUpdateChangesOnlyWhatItNames() throws InterruptedException {
    SessionId id = bench().session();
    LeaseEpoch epoch = bench().own(id);
    SessionRecord before = load(id).record();
    SessionUpdate activity = SessionUpdate.activity(before.createdAt().plusSeconds(5));
    adapter().updateSessionRecord(new RecordUpdate(id, epoch, activity));
    assertThat(load(id).record()).isEqualTo(before.with(activity));
    SessionUpdate rest =
        new SessionUpdate(Map.of("model", "y"), null, UNICODE, Map.of("k", Map.of("v", 1)));
    adapter().updateSessionRecord(new RecordUpdate(id, epoch, rest));
    assertThat(load(id).record()).isEqualTo(before.with(activity).with(rest));
  }

  @Test
  void optionsAreReplacedNotMerged() throws InterruptedException {
    SessionId id = bench().session();
    LeaseEpoch epoch = bench().own(id);
    for (Map<String, Object> options :
        List.of(
            Map.<String, Object>of("a", 1),
            Map.<String, Object>of("b", 2),
            Map.<String, Object>of())) {
      adapter().updateSessionRecord(new RecordUpdate(id, epoch, SessionUpdate.options(options)));
      assertThat(load(id).record().options()).isEqualTo(options);
    }
  }

  @Test
  void writesForAnUnknownSessionAreRefused() {
    SessionUpdate update = SessionUpdate.activity(bench().clock.instant());
    assertRefused(
        StandardError.SESSION_NOT_FOUND,
        () -> adapter().updateSessionRecord(new RecordUpdate(NOBODY, LeaseEpoch.NONE, update)));
    assertRefused(StandardError.SESSION_NOT_FOUND, () -> save(NOBODY, "x", null));
    assertRefused(StandardError.SESSION_NOT_FOUND, () -> save(NOBODY, "x", "agent-1"));
  }

  @Test
  void aTranscriptComesBackVerbatim() throws InterruptedException {
    SessionId id = bench().session();
    save(id, UNICODE.repeat(1000), null);
    assertThat(load(id).transcript())
        .isEqualTo(new StoredTranscript(UNICODE.repeat(1000), Map.of()));
  }

  @Test
  void anEmptyTranscriptIsNotAnAbsentOne() throws InterruptedException {
    SessionId id = bench().session();
    save(id, "", null);
    assertThat(load(id).transcript()).isEqualTo(new StoredTranscript("", Map.of()));
  }

  @Test
  void savingATranscriptAgainReplacesIt() throws InterruptedException {
    SessionId id = bench().session();
    save(id, "a long first version", null);
    save(id, "short", null);
    assertThat(requireNonNull(load(id).transcript()).raw()).isEqualTo("short");
  }

  @Test
  void subagentsTranscriptsAreKeptBesideTheSessionsOwn() throws InterruptedException {
    SessionId id = bench().session();
    save(id, "first", "agent-1");
    save(id, "main", null);
    save(id, UNICODE, "agent-2");
    save(id, "newer", "agent-1");
    assertThat(load(id).transcript())
        .isEqualTo(new StoredTranscript("main", Map.of("agent-1", "newer", "agent-2", UNICODE)));
  }

  @Test
  void aTranscriptOfManyMegabytesComesBack() throws InterruptedException {
    SessionId id = bench().session();
    String raw = ("{\"text\":\"" + "0123456789 ünï ".repeat(60) + "\"}\n").repeat(20_000);
    save(id, raw, null);
    String back = requireNonNull(load(id).transcript()).raw();
    assertThat(back.length()).isEqualTo(raw.length());
    assertThat(back.equals(raw)).isTrue();
  }

  @Test
  void sessionsDoNotMix() throws InterruptedException {
    SessionId one = bench().session();
    SessionId other = bench().session();
    save(one, "one", null);
    save(other, "other", null);
    assertThat(requireNonNull(load(one).transcript()).raw()).isEqualTo("one");
    assertThat(requireNonNull(load(other).transcript()).raw()).isEqualTo("other");
  }

  @Test
  void sessionsAreWrittenAtOnceWithoutLoss() throws InterruptedException {
    List<SessionId> ids = new ArrayList<>();
    List<Callable<SessionId>> tasks = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      SessionId id = bench().session();
      ids.add(id);
      tasks.add(
          () -> {
            for (int n = 0; n < 20; n++) {
              save(id, id + " " + n, null);
              SessionUpdate update =
                  SessionUpdate.activity(bench().clock.instant().plus(Duration.ofSeconds(n)));
              adapter().updateSessionRecord(new RecordUpdate(id, LeaseEpoch.NONE, update));
            }
            return id;
          });
    }
    assertThat(atOnce(tasks)).isEqualTo(ids);
    for (SessionId id : ids) {
      assertThat(requireNonNull(load(id).transcript()).raw()).isEqualTo(id + " 19");
      assertThat(load(id).record().lastActivity())
          .isEqualTo(bench().clock.instant().plusSeconds(19));
    }
  }

  @Test
  void anUnknownProfileIsEmpty() throws InterruptedException {
    assertThat(adapter().loadAgentProfile("no-such-profile")).isEmpty();
    assertThat(adapter().listAgentProfiles())
        .noneMatch(profile -> profile.id().equals("no-such-profile"));
  }
}
