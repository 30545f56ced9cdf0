package com.example.sandboxexec;

import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import io.agentruntime.model.workspace.ContentHash;
import io.agentruntime.support.spool.SpoolScript;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The machine that commands are run on. Everything it is told goes through standard input: a way to
 * a machine may hand its arguments to a shell, as ssh does, and other users may read arguments.
 * Immutable.
 */
final class Machine {
  private static final String SCRIPT = load();
  private static final String SCRIPT_NAME =
      "machine-"
          + ContentHash.of(SCRIPT.getBytes(StandardCharsets.UTF_8)).hex().substring(0, 12)
          + ".sh";
  private static final String TOOLS =
      "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
  private static final int NO_SANDBOX = 3;
  private static final int IN_THE_WAY = 5;

  private final List<String> way;
  private final String root;

  private Machine(List<String> way, String root) {
    this.way = way;
    this.root = root;
  }

  /**
   * Puts the scripts there.
   *
   * @param way the command that runs another one on the machine; empty for this machine
   * @param folder where sandboxes shall be
   */
  static Machine reach(List<String> way, String folder) throws InterruptedException {
    String install =
        "umask 077; nl='\n'\nmkdir -p %1$s && cd %1$s && pwd -P || exit 1\n%2$s%3$s"
            .formatted(
                Words.quote(folder),
                installing(SCRIPT_NAME, SCRIPT),
                installing(SpoolScript.fileName(), SpoolScript.text()));
    List<String> command = new ArrayList<>(way);
    command.addAll(List.of("env", "-i", TOOLS, "/bin/sh", "-s"));
    String real = ask(command, out -> out.write(install.getBytes(StandardCharsets.UTF_8)));
    return new Machine(List.copyOf(way), real.strip());
  }

  /** Under another name first: what is there under its own name is whole. */
  private static String installing(String name, String text) {
    return "[ -e %1$s ] || { cat >%1$s.$$ <<'END OF FILE' && mv %1$s.$$ %1$s; } || exit 1\n%2$sEND OF FILE\n"
        .formatted(name, text);
  }

  private static String load() {
    try (InputStream in = Machine.class.getResourceAsStream("machine.sh")) {
      if (in == null) {
        throw new IllegalStateException("machine.sh is missing from the jar");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The folder of a sandbox. */
  String folder(String runtime, String id) {
    return root + "/" + runtime + "/" + id;
  }

  /** The script that keeps processes. */
  String spoolScript() {
    return root + "/" + SpoolScript.fileName();
  }

  /** Does what the lines say; the answer. */
  String ask(String... lines) throws InterruptedException {
    return ask(command(), input(lines));
  }

  /** The same, with data behind the lines. */
  String ask(Call.Input input) throws InterruptedException {
    return ask(command(), input);
  }

  /** Begins what the lines say; the caller reads the answer and closes it. */
  Call open(boolean keepOpen, String... lines) {
    return start(command(), input(lines), keepOpen);
  }

  private List<String> command() {
    List<String> command = new ArrayList<>(way);
    command.addAll(
        List.of("env", "-i", TOOLS, "/bin/sh", root + "/" + SCRIPT_NAME, root, spoolScript()));
    return command;
  }

  static Call.Input input(String... lines) {
    byte[] bytes = (String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8);
    return out -> out.write(bytes);
  }

  private static String ask(List<String> command, Call.Input input) throws InterruptedException {
    try (Call call = start(command, input, false)) {
      String answer = new String(call.output().readAllBytes(), StandardCharsets.UTF_8);
      check(call);
      return answer;
    } catch (InterruptedIOException e) {
      Thread.interrupted();
      throw (InterruptedException) new InterruptedException("interrupted").initCause(e);
    } catch (IOException e) {
      throw unavailable(String.valueOf(e.getMessage()), e);
    }
  }

  private static Call start(List<String> command, Call.Input input, boolean keepOpen) {
    try {
      return new Call(command, input, keepOpen);
    } catch (IOException e) {
      throw unavailable("'" + command.getFirst() + "' cannot be started", e);
    }
  }

  /**
   * Waits for a call's end, after all of its answer was read.
   *
   * @throws AgentRuntimeException by its exit code
   */
  static void check(Call call) throws InterruptedException {
    int code = call.end();
    switch (code) {
      case 0 -> {
        if (call.broken() != null) {
          throw failed(call, code);
        }
      }
      case NO_SANDBOX ->
          throw new AgentRuntimeException(StandardError.SANDBOX_LOST, "the sandbox is gone");
      case IN_THE_WAY ->
          throw new AgentRuntimeException(StandardError.INVALID_ARGUMENT, call.complaint());
      case 1, 2 -> throw failed(call, code);
      default -> throw unavailable("exit code " + code + ": " + call.complaint(), call.broken());
    }
  }

  private static AgentRuntimeException failed(Call call, int code) throws InterruptedException {
    return new AgentRuntimeException(
        StandardError.SANDBOX_FAILED,
        "the machine could not do it, exit code " + code + ": " + call.complaint(),
        call.broken());
  }

  static AgentRuntimeException unavailable(
      String why, @org.jspecify.annotations.Nullable Throwable cause) {
    return new AgentRuntimeException(
        StandardError.SANDBOX_UNAVAILABLE,
        "the machine of the sandboxes does not answer: " + why,
        cause);
  }

  /** Variables that every program sees. */
  static Map<String, String> variables(String path, String home, String id) {
    return Map.of("PATH", path, "HOME", home, "LANG", "C.UTF-8", "AGENT_RUNTIME_SANDBOX", id);
  }
}
