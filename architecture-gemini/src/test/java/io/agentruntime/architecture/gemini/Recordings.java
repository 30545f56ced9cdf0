// SPDX-License-Identifier: MIT

package io.agentruntime.architecture.gemini;

import io.agentruntime.model.profile.PermissionPolicy;
import io.agentruntime.model.session.SessionId;
import io.agentruntime.spi.architecture.ProtocolStart;
import io.agentruntime.testkit.architecture.Recording;
import io.agentruntime.testkit.program.RecordingFolder;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** The recordings that are kept. */
final class Recordings {
  /** The session that all of them are of. */
  static final SessionId SESSION =
      new SessionId(
          new GeminiArchitecture()
              .newSessionId(Instant.parse("2026-01-01T00:00:00Z"), new Random(1)));

  /** Where they are. */
  static final RecordingFolder FOLDER =
      RecordingFolder.onClassPath(Recordings.class, new GeminiArchitecture(), start());

  private Recordings() {}

  /** The start of the process that was recorded. */
  static ProtocolStart start() {
    return new ProtocolStart(
        SESSION, null, Profiles.with(PermissionPolicy.ASK), Scenarios.OPTIONS, false, 1, Map.of());
  }

  static List<Recording> all() {
    return FOLDER.all();
  }

  static Recording named(String name) {
    return FOLDER.named(name);
  }
}
