package io.agentruntime.sandbox.local;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/**
 * The processes of this host, as {@code /proc} shows them. A process is known by the variable that
 * every program of a sandbox is started with; descendants inherit it, whatever session they are in.
 */
final class HostProcesses {
  private static final Path PROC = Path.of("/proc");
  private static final long PAUSE_NANOS = 2_000_000;
  private static final int ROUNDS = 2_500;

  private HostProcesses() {}

  /** Ends all processes with this variable; returns when none is left. */
  static void killAll(String name, String value) throws InterruptedException, IOException {
    // What forks while it is being killed is found by looking again.
    for (int round = 0; round < ROUNDS; round++) {
      List<ProcessHandle> found = withVariable(name, value);
      if (found.isEmpty()) {
        return;
      }
      found.forEach(ProcessHandle::destroyForcibly);
      LockSupport.parkNanos(PAUSE_NANOS);
      if (Thread.interrupted()) {
        throw new InterruptedException("interrupted while ending the processes of a sandbox");
      }
    }
    throw new IOException(
        withVariable(name, value).size() + " processes with " + name + "=" + value + " do not end");
  }

  /** The processes with this variable, but for this one and those that have ended. */
  static List<ProcessHandle> withVariable(String name, String value) throws IOException {
    byte[] wanted = (name + "=" + value + "\0").getBytes(StandardCharsets.UTF_8);
    long self = ProcessHandle.current().pid();
    List<ProcessHandle> found = new ArrayList<>();
    try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
      for (Path each : processes) {
        long pid = Long.parseLong(each.getFileName().toString());
        // The handle first: it knows the start time, so that a later process under the same id is
        // safe from it.
        Optional<ProcessHandle> handle = pid == self ? Optional.empty() : ProcessHandle.of(pid);
        if (handle.isPresent() && contains(environmentOf(each), wanted)) {
          found.add(handle.get());
        }
      }
    }
    return found;
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
      String stat = Files.readString(PROC.resolve(words[0]).resolve("stat"));
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
      String boot = Files.readString(PROC.resolve("sys/kernel/random/boot_id")).strip();
      return !fields[0].equals("Z") && fields[19].equals(words[1]) && boot.equals(words[2]);
    } catch (IOException e) {
      return false;
    }
  }
}
