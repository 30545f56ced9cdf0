// SPDX-License-Identifier: MIT

package io.agentruntime.architecture.acp;

import io.agentruntime.model.profile.PermissionPolicy;
import io.agentruntime.model.session.SessionId;
import io.agentruntime.spi.architecture.ProtocolStart;
import io.agentruntime.testkit.program.RecordingFolder;
import java.time.Instant;
import java.util.Map;
import java.util.Random;

/** The recordings that are kept. */
final class Recordings {
  /** The session that all of them are of. */
  static final SessionId SESSION =
      new SessionId(
          new AcpArchitecture().newSessionId(Instant.parse("2026-01-01T00:00:00Z"), new Random(1)));

  /** Where they are. */
  static final RecordingFolder FOLDER =
      RecordingFolder.onClassPath(Recordings.class, Programs.architecture(), start());

  private Recordings() {}

  /** The start of the process that was recorded. */
  static ProtocolStart start() {
    return new ProtocolStart(
        SESSION,
        null,
        Programs.OPENCODE.profile(PermissionPolicy.ASK),
        Programs.OPENCODE.options(),
        false,
        1,
        Map.of());
  }
}
