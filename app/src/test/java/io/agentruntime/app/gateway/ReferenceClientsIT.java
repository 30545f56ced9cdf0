// SPDX-License-Identifier: MIT

package io.agentruntime.app.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentruntime.app.TestServer;
import io.agentruntime.testkit.requirement.RequiresNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Clients with the rules of the existing ones end in the state that GET shows, in both dialects:
 * the scenarios of {@code sessions.mjs}.
 */
@RequiresNode
@Timeout(120)
final class ReferenceClientsIT {
  private static final String SCRIPT = "sessions.mjs";

  private static TestServer server;

  @BeforeAll
  static void start(@TempDir Path folder) throws Exception {
    // Slow enough that connections break in the middle of a text.
    server = TestServer.startWithSlowAgent(folder, Map.of(), Duration.ofMillis(1));
  }

  @AfterAll
  static void stop() {
    if (server != null) {
      server.close();
    }
  }

  static Stream<Arguments> scenarios() throws Exception {
    NodeClient.install();
    return NodeClient.run(SCRIPT, "", "", "", "--list")
        .lines()
        .flatMap(name -> Stream.of("flat", "unified").map(dialect -> Arguments.of(name, dialect)));
  }

  @ParameterizedTest(name = "{0} in the {1} dialect")
  @MethodSource("scenarios")
  void endsInTheStateThatGetShows(String scenario, String dialect) throws Exception {
    String url = "http://127.0.0.1:" + server.port();
    assertThat(NodeClient.run(SCRIPT, url, TestServer.KEY, dialect, scenario)).isEmpty();
  }
}
