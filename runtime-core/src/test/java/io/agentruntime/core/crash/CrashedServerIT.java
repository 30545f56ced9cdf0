// SPDX-License-Identifier: MIT

package io.agentruntime.core.crash;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.agentruntime.core.AgentRuntime;
import io.agentruntime.core.CreateSession;
import io.agentruntime.core.RuntimeConfig;
import io.agentruntime.core.RuntimeFixture;
import io.agentruntime.core.event.EventFeed;
import io.agentruntime.core.event.FeedBatch;
import io.agentruntime.core.profile.ProfileSource;
import io.agentruntime.core.provider.SecretSource;
import io.agentruntime.core.session.MessageRequest;
import io.agentruntime.core.session.Session;
import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import io.agentruntime.model.block.Block;
import io.agentruntime.model.event.EventEnvelope;
import io.agentruntime.model.event.PermissionAnswer;
import io.agentruntime.model.event.PermissionRequest;
import io.agentruntime.model.event.SessionEvent;
import io.agentruntime.model.profile.AgentProfile;
import io.agentruntime.model.session.SessionId;
import io.agentruntime.model.turn.DeliveryMode;
import io.agentruntime.model.turn.TurnId;
import io.agentruntime.model.turn.UserContent;
import io.agentruntime.persistence.memory.InMemoryPersistenceAdapter;
import io.agentruntime.spi.persistence.PersistenceAdapter;
import io.agentruntime.spi.sandbox.SandboxProvider;
import io.agentruntime.testkit.TestProviderContext;
import io.agentruntime.testkit.architecture.ScriptedArchitecture;
import io.agentruntime.testkit.sandbox.FakeOperation;
import io.agentruntime.testkit.sandbox.FakeSandboxProvider;
import io.agentruntime.testkit.sandbox.SandboxBench;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/**
 * Kills a server at every single call it makes to its store and its sandboxes, starts another one
 * on what is left, and compares with a run that nothing disturbed.
 */
class CrashedServerIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final SessionId SESSION = new SessionId("11111111-2222-4333-8444-555555555555");
  private static final List<String> WORK =
      List.of(
          "append tools.txt one then think hm then say first",
          "stream 40 then subagent helper then append tools.txt two",
          "recall then append tools.txt three then read tools.txt");

  /** A message at which the client stops the agent. */
  private static final String UNTIL_INTERRUPTED = "append tools.txt two then wait";

  private static final List<String> INTERFERENCE =
      List.of(
          "ask deploy then append tools.txt one",
          UNTIL_INTERRUPTED,
          "recall then append tools.txt three then read tools.txt");

  private static final long ATTACH_NANOS = 30_000_000;

  private static final Logger SERVERS = (Logger) LoggerFactory.getLogger("io.agentruntime");

  @TempDir Path folder;
  private int worlds;

  /** Hundreds of servers that die would have much to say. */
  @BeforeAll
  static void silence() {
    SERVERS.setLevel(Level.OFF);
  }

  @AfterAll
  static void speak() {
    SERVERS.setLevel(null);
  }

  @Test
  @Timeout(300)
  void whereverAServerIsKilledTheNextOneEndsTheConversationAsIfNothingHadHappened()
      throws Exception {
    killEverywhere(WORK);
  }

  @Test
  @Timeout(300)
  void answersToQuestionsAndInterruptsAreNeitherLostNorGivenTwice() throws Exception {
    killEverywhere(INTERFERENCE);
  }

  @Test
  @Timeout(300)
  void anAnswerThatComesWhileTheAgentIsTakenOverReachesIt() throws Exception {
    World calm = new World(INTERFERENCE);
    Outcome expected = calm.converse(0, false);
    for (long call = 1; call <= expected.calls(); call++) {
      World world = new World(INTERFERENCE);
      // Long enough for a client to say something before the agent is heard again.
      world
          .sandboxes
          .faults()
          .before(FakeOperation.ATTACH, () -> LockSupport.parkNanos(ATTACH_NANOS));
      Outcome outcome = world.converse(call, true);
      String where = "killed at call " + call + ", " + outcome.died();
      assertThat(outcome.tools()).as(where).isEqualTo(expected.tools());
      assertThat(outcome.conversation()).as(where).isEqualTo(expected.conversation());
    }
  }

  private void killEverywhere(List<String> messages) throws Exception {
    World calm = new World(messages);
    Outcome expected = calm.converse(0, false);
    assertThat(expected.tools()).containsExactly("one", "two", "three");
    assertThat(expected.died()).isEqualTo("nowhere");

    for (boolean afterEffect : List.of(true, false)) {
      for (long call = 1; call <= expected.calls() + 3; call++) {
        Outcome outcome = new World(messages).converse(call, afterEffect);
        String where = "killed at call " + call + ", " + outcome.died();
        assertThat(outcome.tools()).as(where).isEqualTo(expected.tools());
        assertThat(outcome.conversation()).as(where).isEqualTo(expected.conversation());
        assertThat(outcome.said()).as(where).isEqualTo(expected.said());
        assertThat(outcome.orphans()).as(where).isZero();
      }
    }
  }

  private record Outcome(
      String conversation,
      List<String> tools,
      List<String> said,
      long calls,
      String died,
      int orphans) {}

  /** A store and sandboxes that outlive servers. */
  private final class World {
    private final InMemoryPersistenceAdapter store = new InMemoryPersistenceAdapter();
    private final FakeSandboxProvider sandboxes = new FakeSandboxProvider();
    private final Path home = folder.resolve("world" + worlds++);
    private final List<EventEnvelope> seen = new ArrayList<>();
    private final List<String> messages;
    private final Map<Integer, String> sent = new HashMap<>();
    private int servers;

    World(List<String> messages) throws Exception {
      this.messages = messages;
      store.open(TestProviderContext.in(home.resolve("store"), InstantSource.system()));
    }

    /** Runs the whole conversation, on a second server where the first one dies. */
    Outcome converse(long dieAt, boolean afterEffect) throws Exception {
      Mortal first = new Mortal(dieAt, afterEffect, Thread.currentThread());
      Outcome outcome = null;
      try {
        outcome = live(first);
      } catch (AgentRuntimeException | InterruptedException | ServerDied e) {
        if (!first.isDead()) {
          throw e;
        }
      }
      first.buried();
      if (first.isDead() || outcome == null) {
        outcome = live(new Mortal(0, false, Thread.currentThread()));
      }
      return new Outcome(
          outcome.conversation(),
          outcome.tools(),
          outcome.said(),
          first.calls(),
          first.where(),
          sandboxes.live().size());
    }

    private Outcome live(Mortal life) throws Exception {
      AgentRuntime server = start(life);
      talk(server);
      Session session = server.sessions().get(SESSION);
      session.sync();
      List<String> tools = file(session, "tools.txt").lines().toList();
      String conversation = blocks(session);
      List<String> said = checkHistory(session);
      if (servers > 1) {
        // What the dead server left is ended beside the conversation, not before its end.
        SandboxBench.await("no orphan is left", () -> sandboxes.live().size() <= 1);
      }
      server.close();
      return new Outcome(conversation, tools, said, 0, "", 0);
    }

    private AgentRuntime start(Mortal life) throws Exception {
      Path data = Files.createDirectories(home.resolve("server" + servers++));
      // The folder of the dead server, as far as the next one cares.
      Files.writeString(data.resolve("runtime-id"), "the-runtime");
      return AgentRuntime.start(
          RuntimeConfig.builder(data)
              .persistence("mortal")
              .secrets(SecretSource.of(Map.of()))
              .shutdownTimeout(Duration.ofSeconds(10))
              .profiles(
                  ProfileSource.of(
                      List.of(RuntimeFixture.asking(AgentProfile.named("default", "Default")))))
              .build(),
          List.of(
              life.wrap(PersistenceAdapter.class, KeptStore.of(store), "mortal"),
              life.wrap(SandboxProvider.class, sandboxes.restarted(), "fake"),
              new ScriptedArchitecture()));
    }

    /** What a client does: creates, sends what was not acknowledged, reads on from its cursor. */
    private void talk(AgentRuntime server) throws Exception {
      Session session =
          server
              .sessions()
              .create(
                  new CreateSession(
                      "scripted",
                      "default",
                      Map.of(),
                      null,
                      Map.of(),
                      null,
                      List.of(),
                      "create",
                      SESSION));
      for (int i = 0; i < messages.size(); i++) {
        sent.put(
            i,
            session
                .send(
                    new MessageRequest(
                        new UserContent.Text(messages.get(i)), DeliveryMode.QUEUE, "message-" + i))
                .messageId()
                .value());
      }
      long deadline = System.nanoTime() + PATIENCE.toNanos();
      try (EventFeed feed = session.feed(seen.isEmpty() ? 0 : seen.getLast().seq())) {
        while (ends() < messages.size()) {
          interfere(session);
          FeedBatch batch = feed.next(Duration.ofMillis(20));
          assertThat(batch.reset()).isFalse();
          seen.addAll(batch.events());
          if (System.nanoTime() > deadline) {
            throw new AssertionError("no end; seen " + RuntimeFixture.summary(seen));
          }
          if (!server.sessions().loaded().contains(session) || batch.ended()) {
            throw new ServerDied();
          }
        }
      }
    }

    /** Answers what is asked, and interrupts the turn that waits for it. */
    private void interfere(Session session) throws InterruptedException {
      for (PermissionRequest request : session.view().permissions()) {
        try {
          session.answer(new PermissionAnswer(request.requestId(), true, null, null, "client"));
        } catch (AgentRuntimeException e) {
          // An answer that the dead server had journaled came first.
          if (e.code() != StandardError.PERMISSION_NOT_FOUND) {
            throw e;
          }
        }
      }
      int interrupted = messages.indexOf(UNTIL_INTERRUPTED);
      // Who only reads the log may take the next turn for the one that is meant.
      TurnId active = session.view().runtime().activeTurn();
      if (ends() == interrupted
          && appended() > interrupted
          && active != null
          && active.value().equals(sent.get(interrupted))) {
        session.interrupt();
      }
    }

    /** How many messages have had their line appended. */
    private long appended() {
      return seen.stream()
          .filter(
              e ->
                  e.event() instanceof SessionEvent.BlockCompleted done
                      && done.block() instanceof Block.ToolResult result
                      && result.output().equals("appended"))
          .count();
    }

    private long ends() {
      return seen.stream().filter(e -> RuntimeFixture.isTurnEnd(e.event())).count();
    }

    /** Checks the log against what the client saw; returns what the agent's protocol said. */
    private List<String> checkHistory(Session session) throws Exception {
      List<EventEnvelope> stored = new ArrayList<>();
      long last = session.view().lastSeq();
      try (EventFeed feed = session.feed(0)) {
        while (stored.isEmpty() || stored.getLast().seq() < last) {
          stored.addAll(feed.next(PATIENCE).events());
        }
      }
      for (int i = 0; i < stored.size(); i++) {
        assertThat(stored.get(i).seq()).isEqualTo(i + 1L);
      }
      assertThat(stored).startsWith(seen.toArray(EventEnvelope[]::new));
      assertThat(stored)
          .filteredOn(e -> e.event() instanceof SessionEvent.TurnQueued)
          .hasSize(messages.size());
      return stored.stream()
          .filter(e -> e.indexInTurn() != EventEnvelope.NOT_PROTOCOL)
          .map(e -> e.indexInTurn() + " " + e.event().toString().replaceAll("at=[^,\\]]+", ""))
          .toList();
    }

    private String file(Session session, String path) throws Exception {
      var file =
          session.view().files().stream()
              .filter(f -> f.path().value().equals(path))
              .findFirst()
              .orElseThrow();
      try (InputStream in = session.open(file)) {
        return new String(in.readAllBytes(), StandardCharsets.UTF_8);
      }
    }

    private String blocks(Session session) {
      var conversation = session.view().conversation();
      StringBuilder text = new StringBuilder();
      conversation.blocks().forEach(block -> text.append(timeless(block)).append('\n'));
      for (var subagent : conversation.subagents()) {
        text.append(subagent.id()).append(": ");
        subagent.blocks().forEach(block -> text.append(timeless(block)).append('\n'));
      }
      return text.append(conversation.metadata()).toString();
    }

    private static Block timeless(Block block) {
      return block.withHeader(block.header().at(java.time.Instant.EPOCH));
    }
  }

  private static final class ServerDied extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }
}
