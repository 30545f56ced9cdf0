// SPDX-License-Identifier: MIT

package io.agentruntime.architecture.acp;

import io.agentruntime.testkit.program.GoldenEventsContract;
import io.agentruntime.testkit.program.RecordingFolder;

/** The recordings of a real program lead to the events that lie beside them. */
class GoldenEventsTest implements GoldenEventsContract {
  @Override
  public RecordingFolder recordingFolder() {
    return Recordings.FOLDER;
  }
}
