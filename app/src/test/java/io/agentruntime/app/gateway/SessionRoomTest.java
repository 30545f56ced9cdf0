// SPDX-License-Identifier: MIT

package io.agentruntime.app.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentruntime.app.TestServer;
import io.agentruntime.app.gateway.engine.DisconnectReason;
import io.agentruntime.app.rest.view.FileTexts;
import io.agentruntime.core.session.MessageReceipt;
import io.agentruntime.core.session.MessageRequest;
import io.agentruntime.model.session.SessionId;
import io.agentruntime.persistence.memory.InMemoryPersistenceAdapter;
import io.agentruntime.testkit.persistence.FaultyPersistence;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SessionRoomTest {
  private TestServer server;
  private SessionRooms rooms;
  private SessionId session;

  @BeforeEach
  void start(@TempDir Path folder) throws Exception {
    server = TestServer.start(folder, Map.of());
    rooms =
        new SessionRooms(
            server.runtime().sessions(), new FileTexts(1000, 1000), InstantSource.system());
    String id = server.createSession();
    server.turn(id, "say something");
    session = new SessionId(id);
  }

  @AfterEach
  void stop() {
    rooms.close();
    server.close();
  }

  private static GatewayClient client(FakeSocket socket) {
    GatewayClient client =
        new GatewayClient("r", Dialect.FLAT, new ClientTraits("127.0.0.1", null, null));
    client.attach(socket);
    return client;
  }

  @Test
  void whoKeepsUpIsBroughtToTheEndOfTheLog() throws Exception {
    FakeSocket socket = new FakeSocket(true);

    rooms.join(client(socket), socket, session, new JoinPoint.After(0));

    assertThat(socket.sent()).anyMatch(packet -> packet.contains("something"));
    assertThat(socket.dropped()).isEmpty();
  }

  @Test
  void whoTakesNothingWhileItIsBroughtUpToDateIsCutOff() throws Exception {
    for (JoinPoint point : new JoinPoint[] {new JoinPoint.After(0), new JoinPoint.SinceView(0)}) {
      FakeSocket stalled = new FakeSocket(false);

      rooms.join(client(stalled), stalled, session, point);

      assertThat(stalled.sent()).isEmpty();
      assertThat(stalled.dropped()).contains(DisconnectReason.SLOW_CONSUMER);
    }
  }

  @Test
  void whoFollowsOrJoinsIsToldWhileTheStoreFails(@TempDir Path folder) throws Exception {
    FaultyPersistence store = new FaultyPersistence(new InMemoryPersistenceAdapter());
    try (TestServer faulty = TestServer.startOn(store, folder)) {
      SessionRooms its =
          new SessionRooms(
              faulty.runtime().sessions(), new FileTexts(1000, 1000), InstantSource.system());
      SessionId id = new SessionId(faulty.createSession());
      FakeSocket follower = new FakeSocket(true);
      its.join(client(follower), follower, id, new JoinPoint.After(0));
      store.failAppends();
      CompletableFuture<MessageReceipt> sent = send(faulty, id);
      follower.await("STORE_UNAVAILABLE");
      FakeSocket newcomer = new FakeSocket(true);
      its.join(client(newcomer), newcomer, id, new JoinPoint.After(0));
      assertThat(newcomer.sent()).anyMatch(packet -> packet.contains("STORE_UNAVAILABLE"));

      store.heal();
      follower.await("session:store:recovered");
      newcomer.await("session:store:recovered");
      follower.await("session:turn:completed");
      assertThat(sent.get(30, TimeUnit.SECONDS).messageId()).isNotNull();
      its.close();
    }
  }

  private static CompletableFuture<MessageReceipt> send(TestServer server, SessionId id) {
    CompletableFuture<MessageReceipt> receipt = new CompletableFuture<>();
    Thread.ofVirtual()
        .start(
            () -> {
              try {
                receipt.complete(
                    server.runtime().sessions().get(id).send(MessageRequest.text("say it")));
              } catch (InterruptedException | RuntimeException e) {
                receipt.completeExceptionally(e);
              }
            });
    return receipt;
  }
}
