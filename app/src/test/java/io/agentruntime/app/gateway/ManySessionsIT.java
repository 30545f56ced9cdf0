// SPDX-License-Identifier: MIT

package io.agentruntime.app.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentruntime.app.TestServer;
import io.agentruntime.testkit.requirement.RequiresNode;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The official client with as many sessions as one socket may follow. */
@RequiresNode
final class ManySessionsIT {
  @Test
  void aClientThatFollowsAsManySessionsAsItMayComesBackToAllOfThem(@TempDir Path folder)
      throws Exception {
    NodeClient.install();
    try (TestServer server =
        TestServer.start(folder, Map.of("AGENT_RUNTIME_RATE_LIMIT_PER_SECOND", "0"))) {
      String url = "http://127.0.0.1:" + server.port();
      assertThat(NodeClient.run("manySessions.mjs", url, TestServer.KEY, "500")).isEmpty();
    }
  }
}
