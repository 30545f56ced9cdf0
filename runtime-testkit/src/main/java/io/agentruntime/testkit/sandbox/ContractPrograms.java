// SPDX-License-Identifier: MIT

package io.agentruntime.testkit.sandbox;

import java.util.ArrayList;
import java.util.List;

/**
 * The programs that the contract suite runs, as commands. The defaults need a POSIX shell,
 * coreutils, setsid and grep in the sandbox.
 */
public interface ContractPrograms {
  /** Prints each argument as {@code <argument>}. */
  default List<String> echoArguments(List<String> arguments) {
    List<String> command = new ArrayList<>(List.of("printf", "<%s>"));
    command.addAll(arguments);
    return command;
  }

  /** Prints all variables as {@code NAME=VALUE}, each followed by NUL. */
  default List<String> printEnvironment() {
    return List.of("env", "-0");
  }

  /** Prints the working directory and a newline. */
  default List<String> printWorkingDirectory() {
    return List.of("pwd");
  }

  /** Copies standard input to standard output. */
  default List<String> cat() {
    return List.of("cat");
  }

  /** Ends with a code. */
  default List<String> exitWith(int code) {
    return List.of("sh", "-c", "exit " + code);
  }

  /** Prints one text to standard output, another to standard error. */
  default List<String> print(String out, String err) {
    return List.of("sh", "-c", "printf %s \"$1\"; printf %s \"$2\" >&2", "print", out, err);
  }

  /** Does nothing until a signal ends it. */
  default List<String> sleepForever() {
    return List.of("sleep", "1000000");
  }

  /** Writes so many bytes, then {@code done} to standard error, then reads its input to the end. */
  default List<String> spew(long bytes) {
    return List.of(
        "sh", "-c", "head -c " + bytes + " /dev/zero; echo done >&2; cat >/dev/null", "spew");
  }

  /**
   * Starts two background programs with the marker as an argument, one of them in a session of its
   * own, prints a line {@code ready} and waits for them.
   *
   * @param marker digits
   */
  default List<String> spawnChildren(String marker) {
    // The marker itself must stand in no other program's arguments.
    String script = "m=${1#x}; setsid sleep $m & sleep $m & echo ready; wait";
    return List.of("sh", "-c", script, "spawn", "x" + marker);
  }

  /** Leaves a background program with the marker that holds its output open; prints a line. */
  default List<String> leaveChild(String marker) {
    return List.of("sh", "-c", "sleep ${1#x} & echo done", "leave", "x" + marker);
  }

  /** Prints how many programs have the marker as an argument. */
  default List<String> countRunning(String marker) {
    String script = "grep -lzs \"^${1#x}\\$\" /proc/[0-9]*/cmdline | wc -l";
    return List.of("sh", "-c", script, "count", "x" + marker);
  }

  /** Prints a line {@code ready}; on an interrupt a line {@code interrupted}, then ends with 3. */
  default List<String> catchInterrupt() {
    String script = "trap 'echo interrupted; exit 3' INT; echo ready; while :; do sleep 0.05; done";
    return List.of("sh", "-c", script, "catch");
  }

  /**
   * Prints the arguments of every program that it sees, its own among them. Output of {@code ps} is
   * added where there is one.
   *
   * @param marker an argument of this program itself
   */
  default List<String> listProcesses(String marker) {
    String script =
        "{ cat /proc/[0-9]*/cmdline | tr '\\0' ' '; ps -efww || ps; } 2>/dev/null; exit 0";
    return List.of("sh", "-c", script, "list", marker);
  }

  /** Prints a file; ends with another code than 0 if it cannot be read. */
  default List<String> readFile(String path) {
    return List.of("cat", path);
  }

  /** Creates or replaces a file. */
  default List<String> writeFile(String path, String text) {
    return List.of("sh", "-c", "printf %s \"$2\" > \"$1\"", "write", path, text);
  }
}
