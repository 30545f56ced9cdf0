package io.agentruntime.architecture.gemini;

import io.agentruntime.model.session.SessionId;
import io.agentruntime.model.transcript.Transcript;
import io.agentruntime.model.transcript.TranscriptEntry;
import io.agentruntime.scriptedmodel.ScriptedModel;
import io.agentruntime.scriptedmodel.ScriptedModelOptions;
import io.agentruntime.testkit.architecture.Recording;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Records all scenarios anew, with the real program and the scripted model, after the pinned
 * version has changed: {@code RecordGemini src/test/resources/recordings [NAME…]}.
 */
final class RecordGemini {
  private RecordGemini() {}

  public static void main(String[] arguments) throws Exception {
    if (arguments[0].equals("--events")) {
      for (Recording recording : Recordings.all()) {
        writeEvents(Path.of(arguments[1]).resolve(recording.name()), recording);
      }
      return;
    }
    Path into = Path.of(arguments[0]);
    Path work = Files.createTempDirectory("recording");
    try (ScriptedModel model = ScriptedModel.start(ScriptedModelOptions.defaults())) {
      for (Scenario scenario : Scenario.all()) {
        if (arguments.length > 1 && !java.util.List.of(arguments).contains(scenario.name())) {
          continue;
        }
        Path folder = Files.createDirectory(work.resolve(scenario.name()));
        write(into.resolve(scenario.name()), record(scenario, folder, model.baseUri().toString()));
        System.out.println(scenario.name());
      }
    }
  }

  private static Recording record(Scenario scenario, Path folder, String model) throws Exception {
    SessionId id = Recordings.SESSION;
    GeminiMachine machine = GeminiMachine.in(folder, model);
    machine.setUp(id, scenario.profile(), Scenario.OPTIONS, Transcript.EMPTY);
    try (GeminiProcess gemini = machine.start(id, scenario.profile(), Scenario.OPTIONS)) {
      scenario.script().run(gemini);
      gemini.end();
      return new Sanitizer(machine)
          .sanitize(gemini.recording(scenario.name(), machine.transcript(id, gemini.nativeId())));
    }
  }

  private static void writeEvents(Path folder, Recording recording) throws Exception {
    Files.writeString(folder.resolve(GoldenEventsTest.FILE), GoldenEventsTest.events(recording));
  }

  private static void write(Path folder, Recording recording) throws Exception {
    Files.createDirectories(folder);
    Files.writeString(folder.resolve("stream.txt"), recording.format());
    writeEvents(folder, recording);
    for (TranscriptEntry entry : recording.transcript().entries()) {
      Path file = folder.resolve("transcript").resolve(entry.name());
      Files.createDirectories(file.getParent());
      Files.writeString(file, entry.content());
    }
  }
}
