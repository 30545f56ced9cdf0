// SPDX-License-Identifier: MIT

package io.agentruntime.sandbox.support;

import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** A channel into this very machine. */
final class ThisMachine implements ExecChannel {
  @Override
  public String id() {
    return "this-machine";
  }

  @Override
  public boolean isAlive() {
    return true;
  }

  @Override
  public Program open(ExecCommand command) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command.arguments());
    builder.environment().putAll(command.environment());
    return new HostProgram(builder.start());
  }

  @Override
  public <T extends @Nullable Object> T guarded(String attempt, Exchange<T> exchange)
      throws InterruptedException {
    try {
      return exchange.run();
    } catch (IOException e) {
      throw new AgentRuntimeException(
          e instanceof Refusal ? StandardError.SANDBOX_FAILED : StandardError.SANDBOX_UNAVAILABLE,
          "Cannot " + attempt + ": " + e.getMessage(),
          e);
    }
  }

  @Override
  public AgentRuntimeException lost(String attempt, @Nullable Exception cause) {
    return new AgentRuntimeException(StandardError.SANDBOX_LOST, "Cannot " + attempt, cause);
  }

  private record HostProgram(Process process) implements Program {
    @Override
    public OutputStream stdin() {
      return process.getOutputStream();
    }

    @Override
    public InputStream stdout() {
      return process.getInputStream();
    }

    @Override
    public String errors() throws IOException {
      return new String(process.getErrorStream().readNBytes(1000), StandardCharsets.UTF_8).strip();
    }

    @Override
    public int exitCode() throws InterruptedException {
      return process.waitFor();
    }

    @Override
    public void close() {
      process.destroyForcibly();
    }
  }
}
