// SPDX-License-Identifier: MIT

package io.agentruntime.testkit.architecture;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The program side of {@link ScriptedArchitecture}: does what the user's message says, one command
 * per line (or joined by {@code " then "}).
 *
 * <table>
 * <caption>Commands</caption>
 * <tr><td>{@code say TEXT}</td><td>a text block</td></tr>
 * <tr><td>{@code think TEXT}</td><td>a thinking block</td></tr>
 * <tr><td>{@code stream N}</td><td>a text block of N deltas {@code tick1 tick2 …}</td></tr>
 * <tr><td>{@code write PATH TEXT}</td><td>a tool that writes a workspace file</td></tr>
 * <tr><td>{@code append PATH TEXT}</td><td>a tool that adds a line to a workspace file</td></tr>
 * <tr><td>{@code read PATH}</td><td>a tool that returns a workspace file</td></tr>
 * <tr><td>{@code delete PATH}</td><td>a tool that removes a workspace file</td></tr>
 * <tr><td>{@code env NAME}</td><td>a text block with that variable's value</td></tr>
 * <tr><td>{@code recall}</td><td>a text block with all earlier messages</td></tr>
 * <tr><td>{@code subagent TEXT}</td><td>a subagent that says it</td></tr>
 * <tr><td>{@code ask TOOL}</td><td>asks for a permission and says how it was answered</td></tr>
 * <tr><td>{@code wait}</td><td>waits for an interrupt, or a message to repeat</td></tr>
 * <tr><td>{@code deaf}</td><td>listens to nothing until its input ends or it is ended</td></tr>
 * <tr><td>{@code garble}</td><td>writes lines that no protocol knows</td></tr>
 * <tr><td>{@code fail TEXT}</td><td>the turn fails</td></tr>
 * <tr><td>{@code die CODE}</td><td>the program ends at once, in the middle of the turn</td></tr>
 * <tr><td>{@code exit}</td><td>the program ends after this turn</td></tr>
 * </table>
 *
 * <p>Anything else is repeated as a text block. Confined to the thread that calls {@link #run}.
 */
public final class ScriptedProgram {
  /** What the program needs of the machine it runs on. Paths are absolute. */
  public interface Machine {
    /** Program name and arguments. */
    List<String> command();

    /** All variables. */
    Map<String, String> environment();

    /** Where relative paths begin. */
    String workingDirectory();

    /** Standard input; its {@code available()} must tell of waiting bytes. */
    InputStream stdin();

    /** Standard output. */
    OutputStream stdout();

    /** Standard error. */
    OutputStream stderr();

    /** A file's bytes, empty if there is none. */
    Optional<byte[]> read(String path) throws IOException;

    /** Creates or replaces a file; parents are created. */
    void write(String path, byte[] content) throws IOException;

    /** Removes a file if it exists. */
    void delete(String path) throws IOException;

    /** The same machine with another standard output. */
    default Machine withStdout(OutputStream out) {
      return new Redirected(this, out);
    }
  }

  private record Redirected(Machine machine, OutputStream stdout) implements Machine {
    @Override
    public List<String> command() {
      return machine.command();
    }

    @Override
    public Map<String, String> environment() {
      return machine.environment();
    }

    @Override
    public String workingDirectory() {
      return machine.workingDirectory();
    }

    @Override
    public InputStream stdin() {
      return machine.stdin();
    }

    @Override
    public OutputStream stderr() {
      return machine.stderr();
    }

    @Override
    public Optional<byte[]> read(String path) throws IOException {
      return machine.read(path);
    }

    @Override
    public void write(String path, byte[] content) throws IOException {
      machine.write(path, content);
    }

    @Override
    public void delete(String path) throws IOException {
      machine.delete(path);
    }
  }

  private final Machine machine;
  private final BufferedReader stdin;
  private final String transcriptPath;
  private final StringBuilder transcript = new StringBuilder();
  private final List<String> earlier = new ArrayList<>();
  private String messageId = "";
  private int blocks;

  private ScriptedProgram(Machine machine) throws IOException {
    this.machine = machine;
    this.stdin = new BufferedReader(new InputStreamReader(machine.stdin(), StandardCharsets.UTF_8));
    this.transcriptPath = option("--transcript");
    for (String line :
        machine
            .read(transcriptPath)
            .map(bytes -> new String(bytes, StandardCharsets.UTF_8))
            .orElse("")
            .split("\n", -1)) {
      if (!line.isEmpty()) {
        transcript.append(line).append('\n');
      }
      if (line.startsWith("user ")) {
        earlier.add(ScriptedLines.unescape(ScriptedLines.split(line, 3)[2]));
      }
    }
  }

  /**
   * Runs until standard input ends, or the script says so.
   *
   * @return the exit code
   */
  public static int run(Machine machine) throws IOException {
    try {
      return new ScriptedProgram(machine).serve();
    } catch (Death death) {
      machine.stderr().write("scripted death\n".getBytes(StandardCharsets.UTF_8));
      machine.stderr().flush();
      return death.code;
    }
  }

  private int serve() throws IOException {
    boolean oneTurn = machine.command().contains("--one-turn");
    for (String line = stdin.readLine(); line != null; line = stdin.readLine()) {
      if (!line.startsWith("turn ")) {
        continue;
      }
      boolean exit = turn(line);
      if (oneTurn || exit) {
        return 0;
      }
    }
    return 0;
  }

  private boolean turn(String line) throws IOException {
    String[] fields = ScriptedLines.split(line, 3);
    String text = ScriptedLines.unescape(fields[2]);
    messageId = fields[1];
    blocks = 0;
    emit("accepted " + messageId);
    keep("user " + messageId + " " + fields[2]);
    boolean exit = false;
    String end = "done";
    for (String command : text.split("\n| then ", -1)) {
      exit |= command.equals("exit");
      end = perform(command);
      if (!end.equals("done")) {
        break;
      }
    }
    earlier.add(text);
    save();
    emit("usage 10 5 0.001");
    emit(end);
    return exit;
  }

  /** Does one command; returns the line that ends the turn, {@code done} to go on. */
  private String perform(String command) throws IOException {
    String[] words = ScriptedLines.split(command, 2);
    String rest = words[1];
    switch (words[0]) {
      case "say" -> text("text", List.of(rest));
      case "think" -> text("think", List.of(rest));
      case "stream" -> {
        return stream(Integer.parseInt(rest));
      }
      case "write", "append", "read", "delete" -> file(words[0], rest);
      case "env" -> text("text", List.of(machine.environment().getOrDefault(rest, "(not set)")));
      case "recall" -> text("text", List.of("I recall: " + String.join(" | ", earlier)));
      case "subagent" -> subagent(rest);
      case "ask" -> {
        return ask(rest);
      }
      case "wait" -> {
        String steered = stdin.readLine();
        if (steered == null || steered.equals("interrupt")) {
          return "interrupted";
        }
        steer(steered);
      }
      case "deaf" -> {
        for (String ignored = stdin.readLine(); ignored != null; ignored = stdin.readLine()) {
          keep("ignored");
        }
      }
      case "garble" -> {
        emit("\u0000 what? {\"type\":[");
        emit("");
      }
      case "fail" -> {
        return "failed " + ScriptedLines.escape(rest);
      }
      case "die" -> throw new Death(rest.isEmpty() ? 1 : Integer.parseInt(rest));
      case "exit" -> {
        // Ends after the turn, see serve().
      }
      default -> text("text", List.of(command));
    }
    return "done";
  }

  private void text(String kind, List<String> deltas) throws IOException {
    String id = messageId + "-" + blocks++;
    emit(kind + "-start " + id);
    for (String delta : deltas) {
      emit(kind + " " + id + " " + ScriptedLines.escape(delta));
    }
    String whole = ScriptedLines.escape(String.join("", deltas));
    emit(kind + "-end " + id + " " + whole);
    keep(kind + "-end " + id + " " + whole);
  }

  private String stream(int count) throws IOException {
    String id = messageId + "-" + blocks++;
    StringBuilder whole = new StringBuilder();
    emit("text-start " + id);
    List<String> steered = new ArrayList<>();
    boolean interrupted = false;
    for (int i = 1; i <= count && !interrupted; i++) {
      String delta = "tick" + i + " ";
      whole.append(delta);
      emit("text " + id + " " + delta);
      if (stdin.ready() || machine.stdin().available() > 0) {
        String line = stdin.readLine();
        interrupted = line == null || line.equals("interrupt");
        if (!interrupted) {
          steered.add(line);
        }
      }
    }
    emit("text-end " + id + " " + whole);
    keep("text-end " + id + " " + whole);
    for (String line : steered) {
      steer(line);
    }
    return interrupted ? "interrupted" : "done";
  }

  private void steer(String line) throws IOException {
    String[] fields = ScriptedLines.split(line, 3);
    keep("user " + fields[1] + " " + fields[2]);
    earlier.add(ScriptedLines.unescape(fields[2]));
    text("text", List.of("steered: " + ScriptedLines.unescape(fields[2])));
  }

  private void file(String tool, String rest) throws IOException {
    String[] words = ScriptedLines.split(rest, 2);
    String path = machine.workingDirectory() + "/" + words[0];
    String id = startTool(tool, words[0]);
    switch (tool) {
      case "write" -> {
        machine.write(path, words[1].getBytes(StandardCharsets.UTF_8));
        endTool(id, true, "written");
      }
      case "append" -> {
        String before = new String(machine.read(path).orElse(new byte[0]), StandardCharsets.UTF_8);
        machine.write(path, (before + words[1] + "\n").getBytes(StandardCharsets.UTF_8));
        endTool(id, true, "appended");
      }
      case "read" -> {
        Optional<byte[]> content = machine.read(path);
        endTool(
            id,
            content.isPresent(),
            content.map(bytes -> new String(bytes, StandardCharsets.UTF_8)).orElse("no such file"));
      }
      default -> {
        machine.delete(path);
        endTool(id, true, "deleted");
      }
    }
  }

  private void subagent(String rest) throws IOException {
    String id = startTool("subagent", rest);
    String inner = "text-end " + id + "-0 " + ScriptedLines.escape(rest);
    emit("sub " + id + " text-start " + id + "-0");
    emit("sub " + id + " " + inner);
    keep("sub " + id + " " + inner);
    endTool(id, true, rest);
  }

  private String ask(String tool) throws IOException {
    String id = startTool(tool, "");
    boolean allowed = machine.command().contains("--bypass");
    String answer = null;
    if (!allowed) {
      emit("ask ask-" + id + " " + id + " " + tool);
      answer = stdin.readLine();
      allowed = ("answer ask-" + id + " allow").equals(answer);
    }
    endTool(id, allowed, allowed ? "allowed" : "denied");
    return "interrupt".equals(answer) ? "interrupted" : "done";
  }

  private String startTool(String name, String argument) throws IOException {
    String id = messageId + "-t" + blocks++;
    String line = "tool " + id + " " + name + " " + ScriptedLines.escape(argument);
    emit(line);
    keep(line);
    return id;
  }

  private void endTool(String id, boolean success, String output) throws IOException {
    String line =
        "tool-end " + id + " " + (success ? "ok" : "error") + " " + ScriptedLines.escape(output);
    emit(line);
    keep(line);
  }

  private void emit(String line) throws IOException {
    machine.stdout().write((line + "\n").getBytes(StandardCharsets.UTF_8));
    machine.stdout().flush();
  }

  private void keep(String line) {
    transcript.append(line).append('\n');
  }

  private void save() throws IOException {
    machine.write(transcriptPath, transcript.toString().getBytes(StandardCharsets.UTF_8));
  }

  private String option(String name) {
    List<String> command = machine.command();
    int at = command.indexOf(name);
    if (at < 0 || at + 1 == command.size()) {
      throw new IllegalArgumentException("the command lacks " + name);
    }
    return command.get(at + 1);
  }

  /** The script's order to die. */
  private static final class Death extends RuntimeException {
    private static final long serialVersionUID = 1L;
    final int code;

    Death(int code) {
      super("exit " + code, null, false, false);
      this.code = code;
    }
  }
}
