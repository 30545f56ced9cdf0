// SPDX-License-Identifier: MIT

package io.agentruntime.testkit.sandbox;

import io.agentruntime.model.workspace.Content;
import io.agentruntime.spi.sandbox.FileUpload;
import io.agentruntime.spi.sandbox.ProcessSignal;
import io.agentruntime.testkit.architecture.ScriptedProgram;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a {@link FakeProgram} sees of its sandbox. Confined to the program's thread. */
public final class FakeMachine implements ScriptedProgram.Machine {
  private final FakeProcess process;
  private final List<String> command;
  private final FakeFiles files;

  FakeMachine(FakeProcess process, List<String> command, FakeFiles files) {
    this.process = process;
    this.command = command;
    this.files = files;
  }

  /** Program name and arguments. */
  @Override
  public List<String> command() {
    return command;
  }

  /** All variables: the sandbox's own and the process's. */
  @Override
  public Map<String, String> environment() {
    return process.environment();
  }

  /** Where it was started. */
  @Override
  public String workingDirectory() {
    return process.spec().workingDirectory();
  }

  /** Standard input; {@code available()} tells of waiting bytes. */
  @Override
  public InputStream stdin() {
    return process.stdinOfProgram();
  }

  /** Standard output, not buffered; blocks while the spool is full. */
  @Override
  public OutputStream stdout() {
    return process.stdoutOfProgram();
  }

  /** Standard error, not buffered. */
  @Override
  public OutputStream stderr() {
    return process.stderrOfProgram();
  }

  /** A file's bytes, empty if there is no regular file. */
  @Override
  public Optional<byte[]> read(String path) {
    return files.read(path);
  }

  /** Creates or replaces a file with mode 0644; parents are created. */
  @Override
  public void write(String path, byte[] content) {
    files.write(FileUpload.regular(path, 0644, Content.of(content)));
  }

  /** Removes a file or tree if it exists. */
  @Override
  public void delete(String path) {
    files.delete(path);
  }

  /** From now on a signal calls this, on the caller's thread, instead of ending the program. */
  public void handle(ProcessSignal signal, Runnable handler) {
    process.handle(signal, handler);
  }

  /** Starts another program in the background that shares this one's output. */
  public void spawn(List<String> child) {
    process.spawn(child);
  }

  /** The commands of all running programs of the sandbox. */
  public List<List<String>> runningCommands() {
    return process.runningCommandsOfSandbox();
  }

  /** How many running programs of the sandbox have this argument. */
  public int countRunning(String argument) {
    return process.countRunning(argument);
  }
}
