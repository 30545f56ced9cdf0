// SPDX-License-Identifier: MIT

package io.agentruntime.testkit.program;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentruntime.testkit.architecture.Recording;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Each recording leads to exactly the events, outcomes and bytes that lie beside it. A change of
 * these files is a change of the decoder: its version must change with it, since turns that an
 * older server began are decoded anew after a crash.
 */
public interface GoldenEventsContract {
  /** The recordings; there must be some. */
  RecordingFolder recordingFolder();

  @TestFactory
  default Stream<DynamicTest> aRecordingLeadsToItsEvents() {
    RecordingFolder kept = recordingFolder();
    List<Recording> recordings = kept.all();
    assertThat(recordings).isNotEmpty();
    return recordings.stream()
        .map(
            recording ->
                DynamicTest.dynamicTest(
                    recording.name(),
                    () -> assertThat(kept.events(recording)).isEqualTo(kept.golden(recording))));
  }
}
