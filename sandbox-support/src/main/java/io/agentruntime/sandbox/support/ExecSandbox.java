// SPDX-License-Identifier: MIT

package io.agentruntime.sandbox.support;

import io.agentruntime.spi.sandbox.FileListing;
import io.agentruntime.spi.sandbox.FileUpload;
import io.agentruntime.spi.sandbox.FileVisitor;
import io.agentruntime.spi.sandbox.ListRequest;
import io.agentruntime.spi.sandbox.ProcessId;
import io.agentruntime.spi.sandbox.ProcessSpec;
import io.agentruntime.spi.sandbox.Sandbox;
import io.agentruntime.spi.sandbox.SandboxPaths;
import io.agentruntime.spi.sandbox.SandboxProcess;
import io.agentruntime.support.spool.SpoolCommands;
import io.agentruntime.support.spool.SpoolReply;
import java.io.InputStream;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/**
 * The part of a sandbox that is programs run in it: its files and its processes. All else is the
 * subclass's. Thread-safe.
 */
public abstract class ExecSandbox implements Sandbox {
  private final SpoolCalls calls;
  private final ExecChannel channel;
  private final SandboxFiles files;

  /** A sandbox with {@link Layout} as its layout. */
  protected ExecSandbox(SpoolCalls calls) {
    this.calls = calls;
    channel = calls.channel();
    files = new SandboxFiles(channel);
  }

  /** The commands that drive processes; makes sure that their script is there. */
  protected abstract SpoolCommands spool() throws InterruptedException;

  /** What the channel does not give to every process by itself. Values are secret. */
  protected Map<String, String> environment() throws InterruptedException {
    return Map.of();
  }

  @Override
  public final String id() {
    return channel.id();
  }

  @Override
  public final SandboxPaths paths() {
    return Layout.PATHS;
  }

  @Override
  public final SandboxProcess start(ProcessSpec spec) throws InterruptedException {
    Map<String, String> environment = new HashMap<>(environment());
    environment.putAll(spec.environment());
    ExecCommand command = new ExecCommand(spool().start(spec), environment, null);
    String attempt = "start process " + spec.id();
    SpoolReply.ok(spec.id(), channel.runWell(attempt, command, new byte[0]).text());
    return new SpoolProcess(calls, spool(), spec.id());
  }

  @Override
  public final SandboxProcess process(ProcessId id) throws InterruptedException {
    SpoolProcess process = new SpoolProcess(calls, spool(), id);
    process.status();
    return process;
  }

  @Override
  public final void writeFiles(Collection<FileUpload> uploads) throws InterruptedException {
    files.write(uploads);
  }

  @Override
  public final InputStream readFile(String path) throws InterruptedException {
    return files.open(path);
  }

  @Override
  public final void readFiles(Collection<String> paths, FileVisitor visitor)
      throws InterruptedException {
    files.read(paths, visitor);
  }

  @Override
  public final FileListing list(ListRequest request) throws InterruptedException {
    return FileLister.list(channel, request);
  }

  @Override
  public final void deleteFiles(Collection<String> paths) throws InterruptedException {
    files.delete(paths);
  }

  @Override
  public final boolean isAlive() throws InterruptedException {
    return channel.isAlive();
  }

  @Override
  public final String toString() {
    return getClass().getSimpleName() + "[" + id() + "]";
  }
}
