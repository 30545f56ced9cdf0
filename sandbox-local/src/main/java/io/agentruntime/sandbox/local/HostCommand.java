// SPDX-License-Identifier: MIT

package io.agentruntime.sandbox.local;

import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Runs short programs of this host to their end. */
final class HostCommand {
  private HostCommand() {}

  /**
   * Runs a program with nothing but the given environment and without input.
   *
   * @return its standard output
   * @throws AgentRuntimeException {@code SANDBOX_FAILED}, with what it wrote to standard error,
   *     when it cannot be run or does not end with 0
   */
  static String run(List<String> command, Map<String, String> environment)
      throws InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().clear();
    builder.environment().putAll(environment);
    Process process = start(builder);
    try {
      process.getOutputStream().close();
      // One after the other: the programs that are run here write a line or two to either.
      String output = read(process.getInputStream());
      String errors = read(process.getErrorStream());
      int code = process.waitFor();
      if (code != 0) {
        throw failed(builder, "ended with " + code + ": " + errors.strip(), null);
      }
      return output;
    } catch (InterruptedIOException e) {
      throw new InterruptedException(e.getMessage());
    } catch (IOException e) {
      throw failed(builder, "broke off", e);
    } finally {
      process.destroyForcibly();
    }
  }

  private static Process start(ProcessBuilder builder) {
    try {
      return builder.start();
    } catch (IOException e) {
      throw failed(builder, "cannot be run", e);
    }
  }

  private static String read(InputStream stream) throws IOException {
    return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
  }

  /** Names the program only: arguments may be long, or private. */
  private static AgentRuntimeException failed(
      ProcessBuilder builder, String how, @Nullable IOException cause) {
    return new AgentRuntimeException(
        StandardError.SANDBOX_FAILED,
        "Program " + builder.command().getFirst() + " on this host " + how,
        cause);
  }
}
