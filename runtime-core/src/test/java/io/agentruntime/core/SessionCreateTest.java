// SPDX-License-Identifier: MIT

package io.agentruntime.core;

import static io.agentruntime.core.RuntimeFixture.untilTurnEnds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentruntime.core.session.MessageRequest;
import io.agentruntime.core.session.Session;
import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import io.agentruntime.model.profile.ProfileFile;
import io.agentruntime.model.session.SessionId;
import io.agentruntime.model.session.SessionUpdate;
import io.agentruntime.model.workspace.WorkspacePath;
import io.agentruntime.persistence.memory.InMemoryPersistenceAdapter;
import io.agentruntime.spi.persistence.PersistenceAdapter;
import io.agentruntime.spi.persistence.SessionQuery;
import io.agentruntime.spi.persistence.WorkspaceStore;
import io.agentruntime.testkit.architecture.ScriptedArchitecture;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Creating sessions: whole or not at all, and once per key. */
class SessionCreateTest {
  @TempDir Path folder;

  @Test
  void manyCreationsAtOnceUnderOneKeyGiveOneSessionWithItsFiles() throws Exception {
    try (RuntimeFixture fixture = RuntimeFixture.start(folder)) {
      Set<SessionId> ids = ConcurrentHashMap.newKeySet();
      List<Thread> threads = new ArrayList<>();
      CountDownLatch go = new CountDownLatch(1);
      for (int i = 0; i < 20; i++) {
        threads.add(
            Thread.ofVirtual()
                .start(
                    () -> {
                      try {
                        go.await();
                        ids.add(fixture.runtime().sessions().create(wish(Map.of())).id());
                      } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                      }
                    }));
      }
      go.countDown();
      for (Thread thread : threads) {
        thread.join();
      }

      assertThat(ids).hasSize(1);
      assertThat(fixture.runtime().sessions().get(ids.iterator().next()).view().files()).hasSize(1);
      assertThat(fixture.runtime().sessions().list(SessionQuery.first(50)).sessions()).hasSize(1);
    }
  }

  @Test
  void theOrderOfKeysInOptionsAndMetadataDoesNotMakeAnotherRequest() throws Exception {
    try (RuntimeFixture fixture = RuntimeFixture.start(folder)) {
      Map<String, Object> oneWay = new LinkedHashMap<>();
      oneWay.put("z", List.of(1, "two"));
      oneWay.put("a", Map.of("k", true));

      SessionId first = fixture.runtime().sessions().create(wish(oneWay)).id();
      SessionId second = fixture.runtime().sessions().create(wish(new TreeMap<>(oneWay))).id();

      assertThat(second).isEqualTo(first);
      assertThatThrownBy(() -> fixture.runtime().sessions().create(wish(Map.of("z", 1))))
          .isInstanceOfSatisfying(
              AgentRuntimeException.class,
              e -> assertThat(e.code()).isEqualTo(StandardError.IDEMPOTENCY_CONFLICT));
    }
  }

  @Test
  void theKeyIsKeptWhenTheMetadataIsReplacedAndShowsNowhere() throws Exception {
    try (RuntimeFixture fixture = RuntimeFixture.start(folder)) {
      Session session = fixture.runtime().sessions().create(wish(Map.of()));
      session.update(new SessionUpdate(null, null, null, Map.of("mine", 1)));

      assertThat(session.view().record().metadata()).isEqualTo(Map.of("mine", 1));
      assertThat(fixture.runtime().sessions().list(SessionQuery.first(5)).sessions().getFirst())
          .satisfies(record -> assertThat(record.metadata()).isEqualTo(Map.of("mine", 1)));
      assertThat(fixture.runtime().sessions().create(wish(Map.of())).id()).isEqualTo(session.id());
    }
  }

  @Test
  void aSessionWhoseFirstFilesCannotBeStoredIsNotThereAndTheRepeatedRequestMakesIt()
      throws Exception {
    AtomicBoolean broken = new AtomicBoolean(true);
    PersistenceAdapter adapter = withFailingFiles(broken);
    try (RuntimeFixture fixture =
        RuntimeFixture.start(
            folder,
            config -> config.persistence(adapter.id()),
            new ScriptedArchitecture(),
            List.of(adapter))) {
      assertThatThrownBy(() -> fixture.runtime().sessions().create(wish(Map.of())))
          .isInstanceOfSatisfying(
              AgentRuntimeException.class,
              e -> assertThat(e.code()).isEqualTo(StandardError.STORE_UNAVAILABLE));
      assertThat(fixture.runtime().sessions().list(SessionQuery.first(5)).sessions()).isEmpty();

      broken.set(false);
      assertThat(fixture.runtime().sessions().create(wish(Map.of())).view().files()).hasSize(1);
    }
  }

  @Test
  void aFileThatTheAgentDeletedDoesNotComeBackWithARepeatedRequest() throws Exception {
    try (RuntimeFixture fixture = RuntimeFixture.start(folder)) {
      Session session = fixture.runtime().sessions().create(wish(Map.of()));
      session.send(MessageRequest.text("delete first.txt"));
      untilTurnEnds(session, 1);
      session.sync();
      fixture.runtime().sessions().unload(session.id());

      Session again = fixture.runtime().sessions().create(wish(Map.of()));

      assertThat(again.id()).isEqualTo(session.id());
      assertThat(again.view().files()).isEmpty();
    }
  }

  @Test
  void aNameIsStoredWhileTheSandboxIsStillBeingPrepared() throws Exception {
    try (RuntimeFixture fixture = RuntimeFixture.start(folder)) {
      Session session = fixture.create();
      try (var gate =
          fixture.sandboxes().faults().hold(io.agentruntime.testkit.sandbox.FakeOperation.CREATE)) {
        session.send(MessageRequest.text("say hello"));
        gate.awaitEntered();
        CountDownLatch stored = new CountDownLatch(1);
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    session.update(new SessionUpdate(null, null, "named", null));
                    stored.countDown();
                  } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                  }
                });
        assertThat(stored.await(60, TimeUnit.SECONDS)).isTrue();
      }
      untilTurnEnds(session, 1);
      assertThat(session.view().record().name()).isEqualTo("named");
    }
  }

  private static CreateSession wish(Map<String, Object> metadata) {
    return new CreateSession(
        "scripted",
        "default",
        Map.of(),
        "n",
        metadata,
        null,
        List.of(new ProfileFile(new WorkspacePath("first.txt"), "first", false, false)),
        "key",
        null);
  }

  /** The in-memory adapter whose workspace role fails while told to. */
  private static PersistenceAdapter withFailingFiles(AtomicBoolean broken) {
    InMemoryPersistenceAdapter memory = new InMemoryPersistenceAdapter();
    return proxy(
        PersistenceAdapter.class,
        memory,
        "workspaces",
        () -> proxy(WorkspaceStore.class, memory.workspaces(), broken));
  }

  private static <T> T proxy(
      Class<T> type, T target, String replaced, java.util.function.Supplier<Object> by) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (self, method, arguments) -> {
              if (method.getName().equals(replaced)) {
                return by.get();
              }
              if (method.getName().equals("id")) {
                return "failing-files";
              }
              try {
                return method.invoke(target, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            }));
  }

  private static <T> T proxy(Class<T> type, T target, AtomicBoolean broken) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (self, method, arguments) -> {
              if (broken.get()) {
                throw new AgentRuntimeException(StandardError.STORE_UNAVAILABLE, "broken disk");
              }
              try {
                return method.invoke(target, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            }));
  }
}
