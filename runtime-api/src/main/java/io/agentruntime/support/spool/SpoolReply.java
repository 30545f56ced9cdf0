// SPDX-License-Identifier: MIT

package io.agentruntime.support.spool;

import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import io.agentruntime.spi.sandbox.ExitStatus;
import io.agentruntime.spi.sandbox.ProcessId;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Reads the answers of {@link SpoolCommands}. All methods throw {@code PROCESS_NOT_FOUND} when the
 * process was never started, and {@code PROVIDER_FAILED} for what is no answer.
 */
public final class SpoolReply {
  private static final int MAX_LINE = 400;

  private SpoolReply() {}

  /** Checks the answer of a command that has no result: start, signal. */
  public static void ok(ProcessId id, String line) {
    words(id, line, 1);
  }

  /**
   * The number that answers write-stdin and close-stdin (the length of standard input) or release
   * (the first byte kept).
   *
   * @throws AgentRuntimeException {@code OFFSET_MISMATCH} for a gap, {@code CLOSED}
   */
  public static long number(ProcessId id, String line) {
    return Long.parseLong(words(id, line, 2).get(1));
  }

  /**
   * Checks the answer of follow.
   *
   * @throws AgentRuntimeException {@code OFFSET_MISMATCH} for an offset beyond the present end,
   *     {@code OFFSET_RELEASED}
   */
  public static void followed(ProcessId id, String line) {
    words(id, line, 1);
  }

  /** The answer of status and await. */
  public static SpoolStatus status(ProcessId id, String line) {
    List<String> words = List.of(line.strip().split(" "));
    boolean known = List.of("ended", "running", "starting").contains(words.getFirst());
    if (!known || words.size() != 7) {
      throw unexpected(id, line);
    }
    return new SpoolStatus(
        words.getFirst().equals("ended") ? new ExitStatus(Integer.parseInt(words.get(1))) : null,
        Long.parseLong(words.get(2)),
        Long.parseLong(words.get(3)),
        Long.parseLong(words.get(4)),
        Long.parseLong(words.get(5)),
        Long.parseLong(words.get(6)));
  }

  /** Reads the line of the answer from a stream that goes on after it, and nothing more. */
  public static String readLine(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0 || line.size() == MAX_LINE) {
        break;
      }
      line.write(b);
    }
    return line.toString(StandardCharsets.UTF_8);
  }

  private static List<String> words(ProcessId id, String line, int count) {
    List<String> words = List.of(line.strip().split(" "));
    if (!words.getFirst().equals("ok") || words.size() != count) {
      throw unexpected(id, line);
    }
    return words;
  }

  private static AgentRuntimeException unexpected(ProcessId id, String line) {
    String answer = line.strip();
    String number = answer.substring(answer.indexOf(' ') + 1);
    return switch (answer.split(" ")[0]) {
      case "missing" ->
          new AgentRuntimeException(
              StandardError.PROCESS_NOT_FOUND, "process " + id + " was never started");
      case "gap" ->
          new AgentRuntimeException(
              StandardError.OFFSET_MISMATCH,
              "the offset lies past the end of a stream of process " + id + ", at " + number);
      case "closed" ->
          new AgentRuntimeException(
              StandardError.CLOSED, "standard input of process " + id + " ended at " + number);
      case "released" ->
          new AgentRuntimeException(
              StandardError.OFFSET_RELEASED,
              "output of process " + id + " before byte " + number + " was released");
      default ->
          new AgentRuntimeException(
              StandardError.PROVIDER_FAILED,
              "the spool of process " + id + " answered '" + answer + "'");
    };
  }
}
