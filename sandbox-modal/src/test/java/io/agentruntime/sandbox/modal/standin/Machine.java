// SPDX-License-Identifier: MIT

package io.agentruntime.sandbox.modal.standin;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a sandbox runs on: a root folder of its own with this machine's programs in it, read only,
 * and its own process numbers, made by Bubblewrap and entered by nsenter. Closing it ends every
 * process in it; so does the end of this JVM, as its first process reads from us.
 */
final class Machine implements AutoCloseable {
  private static final List<String> SYSTEM = List.of("bin", "sbin", "lib", "lib32", "lib64");
  private static final List<String> BOUND = List.of("usr", "etc");
  private static final List<String> OWN =
      List.of("root", "home", "var", "run", "opt", "srv", "mnt");
  private static final Pattern PID = Pattern.compile("\"child-pid\": *([0-9]+)");

  private final Path root;
  private final List<Path> shared;
  private final Process keeper;
  private final String pid;

  /** Starts it. Without {@code network} it has a loopback device only. */
  Machine(Path root, List<Path> shared, boolean network) throws IOException {
    this.root = root;
    this.shared = List.copyOf(shared);
    List<String> command = new ArrayList<>(List.of("bwrap", "--bind", root.toString(), "/"));
    for (String folder : BOUND) {
      command.addAll(List.of("--ro-bind", "/" + folder, "/" + folder));
    }
    for (String folder : SYSTEM) {
      if (Files.isDirectory(Path.of("/" + folder), LinkOption.NOFOLLOW_LINKS)) {
        command.addAll(List.of("--ro-bind", "/" + folder, "/" + folder));
      }
    }
    for (Path folder : shared) {
      command.addAll(List.of("--ro-bind", folder.toString(), folder.toString()));
    }
    command.addAll(List.of("--proc", "/proc", "--dev", "/dev", "--unshare-pid"));
    if (!network) {
      command.add("--unshare-net");
    }
    command.addAll(
        List.of("--info-fd", "2", "sh", "-c", "echo ready; exec cat >/dev/null 2>/dev/null"));
    this.keeper = new ProcessBuilder(command).start();
    this.pid = firstProcess();
  }

  /** What every root folder has. */
  static void furnish(Path root) throws IOException {
    for (String folder : OWN) {
      Files.createDirectories(root.resolve(folder));
    }
    Files.createDirectories(root.resolve("tmp"));
    for (String folder : SYSTEM) {
      Path here = Path.of("/" + folder);
      Path there = root.resolve(folder);
      if (Files.isSymbolicLink(here) && !Files.isSymbolicLink(there)) {
        Files.createSymbolicLink(there, Files.readSymbolicLink(here));
      }
    }
  }

  private String firstProcess() throws IOException {
    // It says so once its namespaces are complete; an error would be on stderr.
    String ready = new java.io.BufferedReader(keeper.inputReader(UTF_8)).readLine();
    if (ready == null) {
      throw new IOException(
          "bwrap does not start: " + new String(keeper.getErrorStream().readAllBytes(), UTF_8));
    }
    var text = new StringBuilder();
    Matcher matcher = PID.matcher(text);
    int next;
    while (!matcher.reset(text).find() || text.charAt(text.length() - 1) != '}') {
      next = keeper.getErrorStream().read();
      if (next < 0) {
        throw new IOException("bwrap names no process: " + text);
      }
      text.append((char) next);
    }
    return matcher.group(1);
  }

  Path root() {
    return root;
  }

  /**
   * Starts a program, in a session of its own.
   *
   * @param err where its stderr goes; null for where stdout goes
   */
  Process start(
      List<String> program,
      Map<String, String> environment,
      String folder,
      boolean terminal,
      Path out,
      @Nullable Path err)
      throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of("nsenter", "-t", pid, "-m", "-p", "-n", "-r", "-w", "--", "setsid"));
    command.addAll(List.of("sh", "-c", "cd \"$1\" && shift && exec \"$@\"", "sh", folder));
    if (terminal) {
      command.addAll(List.of("script", "-qefc", quoted(program), "/dev/null"));
    } else {
      command.addAll(program);
    }
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().clear();
    builder.environment().putAll(environment);
    builder.redirectOutput(Redirect.appendTo(out.toFile()));
    if (err == null) {
      builder.redirectErrorStream(true);
    } else {
      builder.redirectError(Redirect.appendTo(err.toFile()));
    }
    return builder.start();
  }

  /** Ends a program that {@link #start} began, with all that it started. */
  static void kill(Process program) {
    program.toHandle().descendants().forEach(ProcessHandle::destroyForcibly);
    program.destroyForcibly();
  }

  /** Where a path of the sandbox lies on this machine, if its folder exists. */
  Path outside(String path, boolean followLast) throws IOException {
    return new RootedPath(root, sharedRoots()).resolve(path, followLast);
  }

  /** As {@link #outside}, of a file to be changed: what is this machine's own is read only. */
  Path changeable(String path, boolean followLast) throws IOException {
    Path file = outside(path, followLast);
    if (!file.startsWith(root)) {
      throw new AccessDeniedException(path);
    }
    return file;
  }

  private List<String> sharedRoots() {
    List<String> roots = new ArrayList<>(List.of("proc", "dev"));
    roots.addAll(BOUND);
    List<String> names = new ArrayList<>();
    roots.forEach(name -> names.add("/" + name));
    shared.forEach(folder -> names.add(folder.toString()));
    return names;
  }

  private static String quoted(List<String> program) {
    var text = new StringBuilder();
    for (String word : program) {
      text.append('\'').append(word.replace("'", "'\\''")).append("' ");
    }
    return text.toString();
  }

  @Override
  public void close() throws InterruptedException {
    keeper.toHandle().children().forEach(ProcessHandle::destroyForcibly);
    if (!keeper.waitFor(10, TimeUnit.SECONDS)) {
      keeper.destroyForcibly();
    }
  }
}
