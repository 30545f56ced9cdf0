// SPDX-License-Identifier: MIT

package io.agentruntime.sandbox.local;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/**
 * The processes of this host, as {@code /proc} shows them. Those of a sandbox are known by
 * variables that its programs are started with, and by descent from such ones: descendants may get
 * other variables, or leave the session, or their parent, but hardly all at once.
 */
final class HostProcesses {
  private static final Path PROC = Path.of("/proc");
  private static final long PAUSE_NANOS = 2_000_000;
  private static final int ROUNDS = 2_500;

  private HostProcesses() {}

  /**
   * Ends all processes that have one of these variables, and their descendants; returns when none
   * is left.
   *
   * @param variables as {@code NAME=VALUE}
   */
  static void killAll(List<String> variables) throws InterruptedException, IOException {
    // What forks while it is being killed is found by looking again; and once more, as a process
    // has no variables for a moment while it starts another program.
    int foundNone = 0;
    for (int round = 0; round < ROUNDS && foundNone < 2; round++) {
      List<ProcessHandle> found = withDescendants(variables);
      found.forEach(ProcessHandle::destroyForcibly);
      foundNone = found.isEmpty() ? foundNone + 1 : 0;
      LockSupport.parkNanos(PAUSE_NANOS);
      if (Thread.interrupted()) {
        throw new InterruptedException("interrupted while ending the processes of a sandbox");
      }
    }
    if (foundNone < 2) {
      throw new IOException(
          withDescendants(variables).size() + " processes with " + variables + " do not end");
    }
  }

  /** The living processes that have one of these variables, and their descendants. */
  static List<ProcessHandle> withDescendants(List<String> variables) throws IOException {
    List<byte[]> wanted =
        variables.stream().map(text -> (text + "\0").getBytes(StandardCharsets.UTF_8)).toList();
    Map<Long, ProcessHandle> found = new LinkedHashMap<>();
    Map<Long, ProcessHandle> others = new HashMap<>();
    try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
      for (Path each : processes) {
        long pid = Long.parseLong(each.getFileName().toString());
        // The handle first: it knows the start time, so that a later process under the same id is
        // safe from it.
        Optional<ProcessHandle> handle = ProcessHandle.of(pid);
        if (handle.isPresent() && pid != ProcessHandle.current().pid()) {
          byte[] environment = environmentOf(each);
          boolean own = wanted.stream().anyMatch(variable -> contains(environment, variable));
          (own ? found : others).put(pid, handle.get());
        }
      }
    }
    Map<Long, Long> parents = new HashMap<>();
    others.forEach(
        (pid, handle) -> handle.parent().ifPresent(parent -> parents.put(pid, parent.pid())));
    while (parents
        .entrySet()
        .removeIf(child -> adopt(child.getKey(), child.getValue(), found, others))) {
      // Until no further generation is found.
    }
    found.values().removeIf(handle -> !handle.isAlive() || isZombie(handle.pid()));
    return List.copyOf(found.values());
  }

  private static boolean adopt(
      long pid, long parent, Map<Long, ProcessHandle> found, Map<Long, ProcessHandle> others) {
    ProcessHandle handle = others.get(pid);
    if (handle == null || !found.containsKey(parent)) {
      return false;
    }
    found.put(pid, handle);
    return true;
  }

  private static boolean isZombie(long pid) {
    return fields(Long.toString(pid)).filter(fields -> !fields[0].equals("Z")).isEmpty();
  }

  /** The third and following fields of a process in {@code /proc}; empty when it is gone. */
  private static Optional<String[]> fields(String pid) {
    try {
      String stat =
          Files.readString(PROC.resolve(pid).resolve("stat"), StandardCharsets.ISO_8859_1);
      return Optional.of(stat.substring(stat.lastIndexOf(')') + 2).split(" "));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** Empty for zombies, kernel threads and processes of other users. */
  private static byte[] environmentOf(Path process) {
    try {
      return Files.readAllBytes(process.resolve("environ"));
    } catch (IOException e) {
      return new byte[0]; // it has just ended, or is not ours
    }
  }

  private static boolean contains(byte[] environment, byte[] variable) {
    for (int at = 0; at + variable.length <= environment.length; at++) {
      boolean beginsHere = at == 0 || environment[at - 1] == 0;
      if (beginsHere
          && Arrays.equals(environment, at, at + variable.length, variable, 0, variable.length)) {
        return true;
      }
    }
    return false;
  }

  /**
   * Whether the process lives that a spool names by {@code "PID START BOOT"}: start time and boot
   * tell it from a later one under the same id.
   */
  static boolean isAlive(String identity) {
    String[] words = identity.split(" ");
    if (words.length != 3) {
      return false;
    }
    try {
      String boot = Files.readString(PROC.resolve("sys/kernel/random/boot_id")).strip();
      return boot.equals(words[2])
          && fields(words[0])
              .filter(fields -> !fields[0].equals("Z") && fields[19].equals(words[1]))
              .isPresent();
    } catch (IOException e) {
      return false;
    }
  }
}
