// SPDX-License-Identifier: MIT

package io.agentruntime.testkit.program;

import io.agentruntime.model.conversation.ConversationMetadata;
import io.agentruntime.model.session.SessionId;
import io.agentruntime.model.transcript.Transcript;
import io.agentruntime.spi.architecture.ProgramRequest;
import io.agentruntime.testkit.architecture.Recording;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Records scenarios anew, with the real program, after its pinned version has changed; or only the
 * events, after the decoder has changed.
 *
 * @param kept the recordings, for their architecture and start; every scenario is a recording of
 *     the session of that start
 * @param program the real program and its model
 * @param sanitizer what makes a recording of a machine fit to be kept
 */
public record Recorder(
    RecordingFolder kept,
    RealProgram program,
    Function<AgentMachine, RecordingSanitizer> sanitizer) {

  /**
   * For a {@code main} method: {@code FOLDER [NAME…]} records all scenarios or the named ones into
   * a folder of recordings, {@code --events FOLDER} only writes what the recordings there lead to.
   *
   * @return the names of what was written
   */
  public List<String> run(List<Scenario> scenarios, String... arguments) throws Exception {
    List<String> words = List.of(arguments);
    List<String> written = new ArrayList<>();
    if (words.getFirst().equals("--events")) {
      RecordingFolder folder = kept.in(Path.of(words.get(1)));
      for (Recording recording : folder.all()) {
        folder.keepEvents(recording);
        written.add(recording.name());
      }
      return written;
    }
    RecordingFolder folder = kept.in(Path.of(words.getFirst()));
    Path work = Files.createTempDirectory("recording");
    for (Scenario scenario : scenarios) {
      if (words.size() == 1 || words.subList(1, words.size()).contains(scenario.name())) {
        folder.keep(record(scenario, work.resolve(scenario.name())));
        written.add(scenario.name());
      }
    }
    return written;
  }

  /** Holds a conversation in a folder and gives what is kept of it. */
  public Recording record(Scenario scenario, Path folder) throws Exception {
    SessionId id = kept.start().sessionId();
    AgentMachine machine = AgentMachine.in(folder, program);
    machine.setUp(id, scenario.profile(), scenario.options(), Transcript.EMPTY);
    ProgramRequest request =
        new ProgramRequest(
            id, null, scenario.profile(), scenario.options(), scenario.resume(), machine.paths());
    try (RunningAgent agent = machine.start(request, ConversationMetadata.EMPTY)) {
      scenario.script().run(agent);
      agent.end();
      return sanitizer
          .apply(machine)
          .sanitize(agent.recording(scenario.name(), machine.transcript(id, agent.nativeId())));
    }
  }
}
