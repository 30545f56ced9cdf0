package io.agentruntime.architecture.gemini;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentruntime.testkit.architecture.ProtocolSession;
import io.agentruntime.testkit.architecture.Recording;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Each recording leads to exactly the events, outcomes and bytes that lie beside it. A change of
 * these files is a change of the decoder: its version must change with it.
 */
class GoldenEventsTest {
  static final String FILE = "events.txt";

  @TestFactory
  Stream<DynamicTest> aRecordingLeadsToItsEvents() {
    return Recordings.all().stream()
        .map(
            recording ->
                DynamicTest.dynamicTest(
                    recording.name(),
                    () -> {
                      Path golden = Recordings.folder().resolve(recording.name()).resolve(FILE);
                      assertThat(events(recording)).isEqualTo(Files.readString(golden));
                    }));
  }

  static String events(Recording recording) {
    ProtocolSession session =
        new ProtocolSession(new GeminiArchitecture().protocol(Recordings.start()))
            .play(recording.inputs());
    StringBuilder text = new StringBuilder();
    session
        .emissions()
        .forEach(
            emission ->
                text.append(emission.conversationId())
                    .append(' ')
                    .append(emission.event().toString().replace("\n", "\\n"))
                    .append('\n'));
    session.outcomes().forEach(outcome -> text.append("outcome ").append(outcome).append('\n'));
    session.stdin().lines().forEach(line -> text.append("stdin ").append(line).append('\n'));
    return text.toString();
  }
}
