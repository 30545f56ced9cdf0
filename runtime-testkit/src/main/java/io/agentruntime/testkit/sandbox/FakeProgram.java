package io.agentruntime.testkit.sandbox;

import io.agentruntime.testkit.architecture.ScriptedProgram;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A program of a {@link FakeSandboxProvider}: plain Java in place of a process. */
@FunctionalInterface
public interface FakeProgram {
  /**
   * Runs on a thread of its own, which is interrupted when a signal ends the program.
   *
   * @return the exit code; an exception ends the program with code 70 and its text on stderr
   */
  int run(FakeMachine machine) throws IOException, InterruptedException;

  /** The program side of the scripted architecture; see {@link ScriptedProgram}. */
  static FakeProgram scripted() {
    return machine ->
        ScriptedProgram.run(
            new ScriptedProgram.Machine() {
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
              public OutputStream stdout() {
                return machine.stdout();
              }

              @Override
              public OutputStream stderr() {
                return machine.stderr();
              }

              @Override
              public Optional<byte[]> read(String path) {
                return machine.read(path);
              }

              @Override
              public void write(String path, byte[] content) {
                machine.write(path, content);
              }

              @Override
              public void delete(String path) {
                machine.delete(path);
              }
            });
  }
}
