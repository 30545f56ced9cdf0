// SPDX-License-Identifier: MIT

package io.agentruntime.core.defects;

import static io.agentruntime.core.RuntimeFixture.only;
import static io.agentruntime.core.defects.Turns.blocks;
import static io.agentruntime.core.defects.Turns.storedTurn;
import static io.agentruntime.core.defects.Turns.turn;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentruntime.core.CreateSession;
import io.agentruntime.core.RuntimeFixture;
import io.agentruntime.core.session.MessageRequest;
import io.agentruntime.core.session.Session;
import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import io.agentruntime.model.event.EventEnvelope;
import io.agentruntime.model.event.SessionEvent;
import io.agentruntime.model.profile.ProfileFile;
import io.agentruntime.model.session.SessionId;
import io.agentruntime.model.turn.UserContent;
import io.agentruntime.model.workspace.WorkspaceFile;
import io.agentruntime.persistence.memory.InMemoryPersistenceAdapter;
import io.agentruntime.spi.persistence.PersistenceAdapter;
import io.agentruntime.testkit.architecture.ScriptedArchitecture;
import io.agentruntime.testkit.persistence.FaultyPersistence;
import io.agentruntime.testkit.persistence.NineOperationsAdapter;
import io.agentruntime.testkit.sandbox.FakeOperation;
import io.agentruntime.testkit.sandbox.FakeProgram;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What other servers of this kind have lost: turns, histories and files. Ours keeps it. */
class KeptDataTest {
  private static final byte[] BINARY = {(byte) 0xff, 0, (byte) 0xc3, 0x28, '\r', '\n', (byte) 0x80};

  @TempDir Path folder;

  private RuntimeFixture with(PersistenceAdapter adapter) throws InterruptedException {
    return with(adapter, Duration.ofSeconds(30));
  }

  private RuntimeFixture with(PersistenceAdapter adapter, Duration storeTimeout)
      throws InterruptedException {
    return RuntimeFixture.start(
        folder,
        config -> config.persistence(adapter.id()).storeTimeout(storeTimeout),
        new ScriptedArchitecture(),
        List.of(adapter));
  }

  /** The same store under another name, beside the one that the service loader finds. */
  private static PersistenceAdapter renamed(PersistenceAdapter adapter) {
    InvocationHandler handler =
        (proxy, method, arguments) -> {
          if (method.getName().equals("id")) {
            return "renamed";
          }
          try {
            return method.invoke(adapter, arguments);
          } catch (InvocationTargetException e) {
            throw e.getCause();
          }
        };
    return (PersistenceAdapter)
        Proxy.newProxyInstance(
            PersistenceAdapter.class.getClassLoader(),
            new Class<?>[] {PersistenceAdapter.class},
            handler);
  }

  private static PersistenceAdapter store(String kind) {
    return kind.equals("basic") ? new NineOperationsAdapter() : new InMemoryPersistenceAdapter();
  }

  @ParameterizedTest
  @ValueSource(strings = {"basic", "full"})
  void whatAReloadedSessionAddsOutlivesSyncAndTheNextReload(String kind) throws Exception {
    PersistenceAdapter adapter = store(kind);
    RuntimeFixture fixture = kind.equals("basic") ? with(adapter) : RuntimeFixture.start(folder);
    try (fixture) {
      SessionId id = fixture.create().id();
      storedTurn(fixture.runtime().sessions().get(id), "say first");
      assertThat(fixture.runtime().sessions().unload(id)).isTrue();

      storedTurn(fixture.runtime().sessions().get(id), "say second");
      assertThat(fixture.runtime().sessions().unload(id)).isTrue();

      Session again = fixture.runtime().sessions().get(id);
      assertThat(blocks(again)).contains("first", "second");
      turn(again, "recall");
      assertThat(blocks(again)).contains("I recall: say first | say second");
    }
  }

  @Test
  void aSandboxThatReplacesAnotherKnowsTheConversationAndReplacesNothingStored() throws Exception {
    try (RuntimeFixture fixture = RuntimeFixture.start(folder)) {
      Session session = fixture.create();
      turn(session, "say one");
      session.terminateSandbox();
      turn(session, "recall");
      assertThat(blocks(session)).contains("I recall: say one");

      session.terminateSandbox();
      turn(session, "recall");
      assertThat(blocks(session)).contains("I recall: say one | recall");
      assertThat(fixture.sandboxes().created()).isEqualTo(3);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"basic", "full"})
  void aSandboxThatCannotBeReadWipesNothing(String kind) throws Exception {
    PersistenceAdapter adapter = store(kind);
    RuntimeFixture fixture = kind.equals("basic") ? with(adapter) : RuntimeFixture.start(folder);
    try (fixture) {
      Session session = fixture.create();
      storedTurn(session, "say one then write kept.txt kept");
      fixture.sandboxes().faults().fail(FakeOperation.READ_FILES, StandardError.SANDBOX_LOST);
      assertThatThrownBy(session::sync).isInstanceOf(AgentRuntimeException.class);
      fixture.runtime().sessions().unload(session.id());
      fixture.sandboxes().faults().heal(FakeOperation.READ_FILES);

      Session again = fixture.runtime().sessions().get(session.id());
      assertThat(again.view().files()).hasSize(1);
      turn(again, "recall then read kept.txt");
      assertThat(blocks(again)).contains("I recall: say one", "output=kept");
    }
  }

  @Test
  void filesInFoldersComeBackInTheirFolders() throws Exception {
    try (RuntimeFixture fixture = RuntimeFixture.start(folder)) {
      Session session = fixture.create();
      turn(session, "write a/b/deep.txt deep");
      session.terminateSandbox();
      turn(session, "read a/b/deep.txt");
      assertThat(blocks(session)).contains("output=deep");
    }
  }

  @Test
  void filesOfTheCreatorReachTheAgent() throws Exception {
    try (RuntimeFixture fixture = RuntimeFixture.start(folder)) {
      Session session =
          fixture
              .runtime()
              .sessions()
              .create(
                  new CreateSession(
                      "scripted",
                      "default",
                      Map.of(),
                      null,
                      Map.of(),
                      null,
                      List.of(ProfileFile.text("start/given.txt", "given")),
                      null,
                      null));
      turn(session, "read start/given.txt");
      assertThat(blocks(session)).contains("output=given");
    }
  }

  @Test
  void newChangedAndDeletedFilesAreToldApartAndADeletedOneStaysAway() throws Exception {
    try (RuntimeFixture fixture = RuntimeFixture.start(folder)) {
      Session session = fixture.create();
      assertThat(only(storedTurn(session, "write f.txt 1"), SessionEvent.FileCreated.class))
          .hasSize(1);
      List<EventEnvelope> changed = storedTurn(session, "write f.txt 22");
      assertThat(only(changed, SessionEvent.FileModified.class)).hasSize(1);
      assertThat(only(changed, SessionEvent.FileCreated.class)).isEmpty();
      assertThat(only(storedTurn(session, "delete f.txt"), SessionEvent.FileDeleted.class))
          .hasSize(1);
      assertThat(session.view().files()).isEmpty();

      session.terminateSandbox();
      turn(session, "read f.txt");
      assertThat(blocks(session)).contains("no such file");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"basic", "full"})
  void binaryAndEmptyFilesComeBackByteForByte(String kind) throws Exception {
    PersistenceAdapter adapter = store(kind);
    RuntimeFixture fixture = kind.equals("basic") ? with(adapter) : RuntimeFixture.start(folder);
    try (fixture) {
      Map<String, Optional<byte[]>> found = new ConcurrentHashMap<>();
      int[] starts = {0};
      fixture
          .sandboxes()
          .register(
              ScriptedArchitecture.PROGRAM,
              machine -> {
                String at = machine.workingDirectory();
                if (starts[0]++ == 0) {
                  machine.write(at + "/binary.dat", BINARY);
                  machine.write(at + "/empty", new byte[0]);
                } else {
                  found.put("binary", machine.read(at + "/binary.dat"));
                  found.put("empty", machine.read(at + "/empty"));
                }
                return FakeProgram.scripted().run(machine);
              });
      Session session = fixture.create();
      storedTurn(session, "say written");
      Map<String, byte[]> stored = new HashMap<>();
      for (WorkspaceFile file : session.view().files()) {
        try (var in = session.open(file)) {
          stored.put(file.path().value(), in.readAllBytes());
        }
      }
      assertThat(stored).containsOnlyKeys("binary.dat", "empty");
      assertThat(stored.get("binary.dat")).isEqualTo(BINARY);
      fixture.runtime().sessions().unload(session.id());

      turn(fixture.runtime().sessions().get(session.id()), "say read");
      assertThat(found.get("binary").orElseThrow()).isEqualTo(BINARY);
      assertThat(found.get("empty").orElseThrow()).isEmpty();
    }
  }

  @Test
  void aTurnIsSeenWhileItRunsAndAfterItFailed() throws Exception {
    try (RuntimeFixture fixture = RuntimeFixture.start(folder)) {
      Session session = fixture.create();
      session.send(MessageRequest.text("say seen then wait"));
      RuntimeFixture.until(
          session,
          event ->
              event instanceof SessionEvent.BlockCompleted e && e.toString().contains("text=seen"));
      assertThat(blocks(session)).contains("text=seen");
      session.interrupt();

      List<EventEnvelope> failed = turn(session, "say before the end then die 3");
      assertThat(only(failed, SessionEvent.TurnFailed.class)).hasSize(1);
      assertThat(blocks(session)).contains("before the end");
      fixture.runtime().sessions().unload(session.id());
      assertThat(blocks(fixture.runtime().sessions().get(session.id())))
          .contains("text=seen", "before the end");
    }
  }

  @Test
  void whatTheStoreDidNotTakeIsNoSuccess() throws Exception {
    FaultyPersistence store = new FaultyPersistence(new InMemoryPersistenceAdapter());
    try (RuntimeFixture fixture = with(renamed(store), Duration.ofSeconds(3))) {
      Session session = fixture.create();
      storedTurn(session, "say one");
      store.failWrites();
      assertThatThrownBy(() -> session.send(MessageRequest.text("say lost")))
          .isInstanceOfSatisfying(
              AgentRuntimeException.class,
              e -> assertThat(e.code()).isEqualTo(StandardError.STORE_UNAVAILABLE));
      assertThatThrownBy(fixture::create)
          .isInstanceOfSatisfying(
              AgentRuntimeException.class,
              e -> assertThat(e.code()).isEqualTo(StandardError.STORE_UNAVAILABLE));
      store.heal();
      // The store is tried again after a pause: what waited for it comes first.
      UserContent waiting = new UserContent.Text("say lost");
      RuntimeFixture.until(
          session,
          event -> event instanceof SessionEvent.TurnQueued e && e.content().equals(waiting));
      turn(session, "recall");
      assertThat(blocks(session)).contains("I recall: say one");
    }
  }

  @Test
  void aSessionThatDidNotChangeIsNotWrittenAgain() throws Exception {
    FaultyPersistence store = new FaultyPersistence(new InMemoryPersistenceAdapter());
    try (RuntimeFixture fixture = with(renamed(store))) {
      Session session = fixture.create();
      storedTurn(session, "say one then write f.txt content");
      store.failWrites();
      session.sync();
      store.heal();
    }
  }

  @Test
  void savesReachTheStoreInTheirOrder() throws Exception {
    NineOperationsAdapter kept = new NineOperationsAdapter();
    FaultyPersistence store = new FaultyPersistence(kept);
    try (RuntimeFixture fixture = with(store)) {
      Session session = fixture.create();
      storedTurn(session, "say one");
      store.hangWrites();
      turn(session, "say two");
      store.awaitHangingWrites(1, Duration.ofSeconds(60));
      turn(session, "say three");
      store.heal();
      session.sync();

      String raw = kept.loadSession(session.id()).orElseThrow().transcript().raw();
      assertThat(raw).containsSubsequence("say one", "say two", "say three");
    }
  }
}
