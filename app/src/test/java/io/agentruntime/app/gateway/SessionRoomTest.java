package io.agentruntime.app.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentruntime.app.TestServer;
import io.agentruntime.app.gateway.engine.DisconnectReason;
import io.agentruntime.app.rest.view.FileTexts;
import io.agentruntime.model.session.SessionId;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
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
}
