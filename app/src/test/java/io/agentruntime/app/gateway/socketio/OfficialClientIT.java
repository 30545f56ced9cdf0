// SPDX-License-Identifier: MIT

package io.agentruntime.app.gateway.socketio;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentruntime.app.gateway.GatewayServer;
import io.agentruntime.app.gateway.NodeClient;
import io.agentruntime.testkit.requirement.RequiresNode;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The official client against this gateway, over each transport. */
@RequiresNode
final class OfficialClientIT {
  /** What became of each scenario, by transport: one process runs them all. */
  private static final Map<String, List<String>> OUTCOMES = new HashMap<>();

  private static GatewayServer server;

  @Target(ElementType.METHOD)
  @Retention(RetentionPolicy.RUNTIME)
  @ParameterizedTest
  @ValueSource(strings = {"websocket", "polling", "upgrade"})
  private @interface OverEachTransport {}

  @BeforeAll
  static void start() throws Exception {
    NodeClient.install();
    server =
        GatewayServer.start(
            new ScenarioHandler(), Map.of("ping-interval", "300ms", "ping-timeout", "10s"));
  }

  @AfterAll
  static void stop() {
    if (server != null) {
      server.close();
    }
  }

  private static void scenario(String name, String transport) throws Exception {
    List<String> outcomes = OUTCOMES.get(transport);
    if (outcomes == null) {
      outcomes = NodeClient.run("scenarios.mjs", server.url(), transport).lines().toList();
      OUTCOMES.put(transport, outcomes);
    }
    assertThat(outcomes).contains(name + " passed");
  }

  @OverEachTransport
  void aClientConnects(String transport) throws Exception {
    scenario("connects", transport);
  }

  @OverEachTransport
  void aClientGetsItsAcknowledgementsWithAnyText(String transport) throws Exception {
    scenario("acknowledges", transport);
  }

  @OverEachTransport
  void eventsStayInOrderAlsoWhileTheTransportChanges(String transport) throws Exception {
    scenario("keepsOrder", transport);
  }

  @OverEachTransport
  void aRoomReachesThoseWhoAreInItAndNobodyElse(String transport) throws Exception {
    scenario("usesRooms", transport);
  }

  @OverEachTransport
  void aClientSendsAttachments(String transport) throws Exception {
    scenario("sendsAttachments", transport);
  }

  @OverEachTransport
  void halfAMegabyteGoesBothWays(String transport) throws Exception {
    scenario("movesLargeMessages", transport);
  }

  @OverEachTransport
  void aClientThatWasDroppedComesBackByItself(String transport) throws Exception {
    scenario("comesBack", transport);
  }

  @OverEachTransport
  void aClientThatIsSentAwayGetsWhatWasSentBefore(String transport) throws Exception {
    scenario("isSentAway", transport);
  }

  @OverEachTransport
  void theHandlerLearnsThatAClientHasLeft(String transport) throws Exception {
    scenario("leaves", transport);
  }

  @OverEachTransport
  void aClientThatIsRefusedLearnsWhy(String transport) throws Exception {
    scenario("isRefused", transport);
  }

  @OverEachTransport
  void theHandlerSeesPayloadHeadersAndQuery(String transport) throws Exception {
    scenario("showsWhoItIs", transport);
  }

  @OverEachTransport
  void anUnknownNamespaceIsRefused(String transport) throws Exception {
    scenario("asksForAnUnknownNamespace", transport);
  }

  @OverEachTransport
  void aFailingHandlerHarmsNothingButItsEvent(String transport) throws Exception {
    scenario("survivesAFailingHandler", transport);
  }

  @OverEachTransport
  void anEventWithoutAcknowledgementOrArgumentsDoesNoHarm(String transport) throws Exception {
    scenario("needsNoAcknowledgements", transport);
  }

  @OverEachTransport
  void theServerGetsAcknowledgementsToo(String transport) throws Exception {
    scenario("isAskedByTheServer", transport);
  }

  @OverEachTransport
  void aClientThatAnswersPingsStays(String transport) throws Exception {
    scenario("staysOverManyHeartbeats", transport);
  }
}
