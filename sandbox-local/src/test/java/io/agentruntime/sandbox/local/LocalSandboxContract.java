// SPDX-License-Identifier: MIT

package io.agentruntime.sandbox.local;

import io.agentruntime.spi.sandbox.Sandbox;
import io.agentruntime.spi.sandbox.SandboxProvider;
import io.agentruntime.testkit.sandbox.SandboxProviderContract;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;

/** What both ways to run local sandboxes have in common: everything but the wrapper. */
abstract class LocalSandboxContract extends SandboxProviderContract {
  @TempDir Path outside;

  @Override
  protected SandboxProvider newProvider() {
    return new LocalSandboxProvider();
  }

  @Override
  public String outsideDirectory() {
    return outside.toString();
  }

  /** Counted on the host: a program behind bubblewrap sees its own processes only. */
  @Override
  public int countRunning(Sandbox sandbox, String marker) throws Exception {
    int count = 0;
    for (ProcessHandle process :
        HostProcesses.withDescendants(List.of(LocalSandbox.MARK + "=" + sandbox.id()))) {
      if (commandLine(process).contains("\0" + marker + "\0")) {
        count++;
      }
    }
    return count;
  }

  @Override
  public void lose(Sandbox sandbox) throws Exception {
    SandboxFolder folder = new SandboxFolder(dataDirectory().resolve(sandbox.id()));
    folder.killProcesses();
    folder.delete();
  }

  @Override
  protected List<String> leftovers() throws Exception {
    List<String> left = new ArrayList<>();
    try (Stream<Path> entries = Files.list(dataDirectory())) {
      entries.filter(Files::isDirectory).forEach(path -> left.add(path.toString()));
    }
    ProcessHandle.allProcesses()
        .filter(process -> commandLine(process).contains(dataDirectory().toString()))
        .forEach(process -> left.add(process.pid() + " " + commandLine(process)));
    Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter(name -> name.startsWith("sandbox-local"))
        .forEach(left::add);
    return left;
  }

  private static String commandLine(ProcessHandle process) {
    try {
      return Files.readString(
          Path.of("/proc", Long.toString(process.pid()), "cmdline"), StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      return "";
    }
  }
}
