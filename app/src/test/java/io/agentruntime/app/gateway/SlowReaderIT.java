// SPDX-License-Identifier: MIT

package io.agentruntime.app.gateway;

import io.agentruntime.app.TestServer;
import io.agentruntime.testkit.requirement.RequiresNode;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;

/** The official client, stopped while a session goes on. */
@RequiresNode
final class SlowReaderIT {
  @Test
  void aClientThatStopsReadingIsCutOffAndComesBackToEverything(
      @TempDir Path folder, TestReporter reporter) throws Exception {
    NodeClient.install();
    try (TestServer server = TestServer.start(folder, Map.of())) {
      String url = "http://127.0.0.1:" + server.port();
      reporter.publishEntry(
          "seen", NodeClient.run("slowReader.mjs", url, TestServer.KEY, "10", "400", "50"));
    }
  }
}
