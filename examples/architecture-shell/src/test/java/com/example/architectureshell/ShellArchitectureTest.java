package com.example.architectureshell;

import io.agentruntime.model.transcript.Transcript;
import io.agentruntime.model.transcript.TranscriptEntry;
import io.agentruntime.spi.architecture.AgentArchitecture;
import io.agentruntime.testkit.architecture.AgentArchitectureContract;
import io.agentruntime.testkit.architecture.ProtocolInput;
import io.agentruntime.testkit.architecture.Recording;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

// tag::contract[]
/** The recordings are made on the spot: the program is here. */
class ShellArchitectureTest extends AgentArchitectureContract {
  private static final Path AGENT =
      Path.of("src/main/resources/com/example/architectureshell/agent.sh");

  @TempDir static Path folder;
  private static List<Recording> recordings;

  @BeforeAll
  static void record() throws IOException, InterruptedException {
    recordings =
        List.of(
            record("commands", "echo hello; echo again", "printf 'a\\\\b'", "no-such-command"),
            record("lines", "for i in 1 2 3; do\n  echo \"$i\"\ndone", "true"));
  }

  @Override
  public AgentArchitecture architecture() {
    return new ShellArchitecture();
  }

  @Override
  public List<Recording> recordings() {
    return recordings;
  }

  /** A text ends where its line ends. */
  @Override
  public boolean linesShowTheirEnd() {
    return false;
  }

  // end::contract[]

  private static Recording record(String name, String... commands)
      throws IOException, InterruptedException {
    Path transcript = folder.resolve(name);
    Process agent =
        new ProcessBuilder("sh", AGENT.toString(), transcript.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    List<ProtocolInput> inputs = new ArrayList<>(List.of(new ProtocolInput.Start()));
    try (Writer in = agent.outputWriter();
        BufferedReader out = agent.inputReader()) {
      for (int i = 0; i < commands.length; i++) {
        String id = name + "-" + i;
        inputs.add(ProtocolInput.Turn.of(id, commands[i]));
        in.write("turn " + id + " " + ShellLine.escape(commands[i]) + "\n");
        in.flush();
        String line;
        do {
          line = out.readLine();
          if (line == null) {
            throw new UncheckedIOException(new IOException("the agent ended in turn " + id));
          }
          inputs.add(new ProtocolInput.Line(line));
        } while (!line.equals("done"));
      }
    }
    inputs.add(new ProtocolInput.Exit(agent.waitFor(), ""));
    return new Recording(
        name,
        inputs,
        new Transcript(List.of(new TranscriptEntry(name + ".txt", Files.readString(transcript)))));
  }
}
