// SPDX-License-Identifier: MIT

package io.agentruntime.architecture.opencode;

import io.agentruntime.model.profile.PermissionPolicy;
import io.agentruntime.model.session.SessionId;
import io.agentruntime.testkit.program.RecordingFolder;

/** The recordings that are kept. */
final class Recordings {
  /** Where they are. */
  static final RecordingFolder FOLDER =
      RecordingFolder.onClassPath(
          Recordings.class,
          new OpenCodeArchitecture(),
          Profiles.with(PermissionPolicy.ASK),
          Scenarios.OPTIONS);

  /** The session that all of them are of. */
  static final SessionId SESSION = FOLDER.start().sessionId();

  private Recordings() {}
}
