// SPDX-License-Identifier: MIT

package io.agentruntime.testkit.architecture;

import io.agentruntime.model.session.SessionId;
import io.agentruntime.model.transcript.Transcript;
import io.agentruntime.model.transcript.TranscriptEntry;
import io.agentruntime.spi.architecture.AgentArchitecture;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The scripted architecture passes the contract, with recordings made on the spot. */
class ScriptedArchitectureTest extends AgentArchitectureContract {
  private static final String MESSAGE = "6f2f8dfc-0000-4000-8000-00000000000";

  @Override
  public AgentArchitecture architecture() {
    return new ScriptedArchitecture();
  }

  @Override
  public List<Recording> recordings() {
    return List.of(
        record("text", turn(1, "say hello\nthink hm\nstream 3")),
        record("files", turn(1, "write a.txt hi"), turn(2, "read a.txt then delete a.txt")),
        record("recall", turn(1, "say one"), turn(2, "recall")),
        record("subagent", turn(1, "subagent work")),
        record("failure", turn(1, "fail it broke"), turn(2, "say fine")),
        record("interrupt", turn(1, "wait"), new ProtocolInput.Interrupt(), turn(2, "say on")),
        steered(),
        asked());
  }

  /** A text ends where its line ends. */
  @Override
  public boolean linesShowTheirEnd() {
    return false;
  }

  private static ProtocolInput turn(int number, String text) {
    return ProtocolInput.Turn.of(MESSAGE + number, text);
  }

  /** Without its transcript: the program learns of the message only later than the core. */
  private Recording steered() {
    Recording whole = record("steer", turn(1, "wait"), turn(2, "go on"));
    List<ProtocolInput> inputs = new ArrayList<>(whole.inputs());
    ProtocolInput second = turn(2, "go on");
    inputs.remove(second);
    inputs.add(2, second);
    return new Recording("steer", inputs, Transcript.EMPTY);
  }

  private Recording asked() {
    ProtocolInput answer =
        new ProtocolInput.Answer(
            new io.agentruntime.model.event.PermissionAnswer(
                "ask-" + MESSAGE + "1-t0", true, null, null, "client"));
    Recording whole = record("ask", turn(1, "ask Bash"), answer);
    List<ProtocolInput> inputs = new ArrayList<>(whole.inputs());
    inputs.remove(answer);
    int question = 0;
    while (!inputs.get(question).toString().contains("text=ask ")) {
      question++;
    }
    inputs.add(question + 1, answer);
    return new Recording("ask", inputs, whole.transcript());
  }

  /** Runs the program on all inputs at once, and puts each turn's lines behind its inputs. */
  private Recording record(String name, ProtocolInput... script) {
    ProtocolSession writer =
        new ProtocolSession(architecture().protocol(start(Map.of()))).play(List.of(script));
    MemoryMachine machine = new MemoryMachine(start(Map.of()).sessionId(), writer.stdin());
    try {
      ScriptedProgram.run(machine);
    } catch (IOException e) {
      throw new UncheckedIOException("memory cannot fail", e);
    }
    List<ProtocolInput> inputs = new ArrayList<>(List.of(new ProtocolInput.Start()));
    List<String> lines = machine.stdout.toString(StandardCharsets.UTF_8).lines().toList();
    int line = 0;
    for (ProtocolInput input : script) {
      inputs.add(input);
      while (line < lines.size() && waits(input, script) == false) {
        String text = lines.get(line++);
        inputs.add(new ProtocolInput.Line(text));
        if (text.equals("done") || text.equals("interrupted") || text.startsWith("failed ")) {
          break;
        }
      }
    }
    inputs.add(new ProtocolInput.Exit(0, ""));
    return new Recording(
        name,
        inputs,
        new Transcript(
            List.of(
                new TranscriptEntry(
                    ScriptedTranscripts.name(start(Map.of()).sessionId()),
                    machine.files.getOrDefault(machine.transcript, "")))));
  }

  /** A turn that waits has its lines behind what it waits for. */
  private static boolean waits(ProtocolInput input, ProtocolInput[] script) {
    return input instanceof ProtocolInput.Turn turn
        && turn.input().content().plainText().equals("wait")
        && script.length > 1;
  }

  /** A machine in memory. */
  private static final class MemoryMachine implements ScriptedProgram.Machine {
    final ByteArrayOutputStream stdout = new ByteArrayOutputStream();
    final Map<String, String> files = new HashMap<>();
    final String transcript;
    private final InputStream stdin;

    MemoryMachine(SessionId id, String stdin) {
      this.stdin = new ByteArrayInputStream(stdin.getBytes(StandardCharsets.UTF_8));
      this.transcript = "/home/agent/.scripted/" + id + ".txt";
    }

    @Override
    public List<String> command() {
      return List.of(ScriptedArchitecture.PROGRAM, "--transcript", transcript);
    }

    @Override
    public Map<String, String> environment() {
      return Map.of();
    }

    @Override
    public String workingDirectory() {
      return "/workspace";
    }

    @Override
    public InputStream stdin() {
      return stdin;
    }

    @Override
    public OutputStream stdout() {
      return stdout;
    }

    @Override
    public OutputStream stderr() {
      return OutputStream.nullOutputStream();
    }

    @Override
    public Optional<byte[]> read(String path) {
      return Optional.ofNullable(files.get(path))
          .map(text -> text.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void write(String path, byte[] content) {
      files.put(path, new String(content, StandardCharsets.UTF_8));
    }

    @Override
    public void delete(String path) {
      files.remove(path);
    }
  }
}
