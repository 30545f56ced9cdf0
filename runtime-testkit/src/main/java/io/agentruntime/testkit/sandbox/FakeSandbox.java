// SPDX-License-Identifier: MIT

package io.agentruntime.testkit.sandbox;

import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import io.agentruntime.spi.sandbox.FileListing;
import io.agentruntime.spi.sandbox.FileUpload;
import io.agentruntime.spi.sandbox.FileVisitor;
import io.agentruntime.spi.sandbox.ListRequest;
import io.agentruntime.spi.sandbox.ProcessId;
import io.agentruntime.spi.sandbox.ProcessSpec;
import io.agentruntime.spi.sandbox.Sandbox;
import io.agentruntime.spi.sandbox.SandboxCapability;
import io.agentruntime.spi.sandbox.SandboxListing;
import io.agentruntime.spi.sandbox.SandboxPaths;
import io.agentruntime.spi.sandbox.SandboxProcess;
import io.agentruntime.spi.sandbox.SandboxSpec;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A sandbox in memory. Thread-safe. */
final class FakeSandbox implements Sandbox {
  static final SandboxPaths PATHS =
      new SandboxPaths("/fake/workspace", "/fake/home", "/fake/scratch");

  private final FakeHost host;
  private final String id;
  private final String runtimeId;
  private final SandboxSpec spec;
  private final Instant createdAt;
  private final FakeFiles files = new FakeFiles(PATHS);
  private final Map<ProcessId, FakeProcess> processes = new ConcurrentHashMap<>();
  private volatile @Nullable String gone;

  FakeSandbox(FakeHost host, String id, String runtimeId, SandboxSpec spec, Instant createdAt) {
    this.host = host;
    this.id = id;
    this.runtimeId = runtimeId;
    this.spec = spec;
    this.createdAt = createdAt;
  }

  @Override
  public String id() {
    return id;
  }

  @Override
  public SandboxPaths paths() {
    return PATHS;
  }

  @Override
  public SandboxProcess start(ProcessSpec wanted) throws InterruptedException {
    requireAlive();
    faults().before(FakeOperation.START);
    FakeProcess added = new FakeProcess(this, wanted);
    FakeProcess present = processes.putIfAbsent(wanted.id(), added);
    if (present != null) {
      return present;
    }
    added.begin();
    if (gone != null) {
      added.lose(gone);
    }
    requireAlive();
    return added;
  }

  @Override
  public SandboxProcess process(ProcessId processId) {
    requireAlive();
    FakeProcess process = processes.get(processId);
    if (process == null) {
      throw new AgentRuntimeException(
          StandardError.PROCESS_NOT_FOUND, "no process " + processId + " in sandbox " + id);
    }
    return process;
  }

  @Override
  public void writeFiles(Collection<FileUpload> uploads) throws InterruptedException {
    requireAlive();
    faults().before(FakeOperation.WRITE_FILES);
    uploads.forEach(files::write);
  }

  @Override
  public InputStream readFile(String path) throws InterruptedException {
    requireAlive();
    faults().before(FakeOperation.READ_FILES);
    return new ByteArrayInputStream(
        files
            .read(path)
            .orElseThrow(
                () ->
                    new AgentRuntimeException(
                        StandardError.FILE_NOT_FOUND, "no file " + path + " in sandbox " + id)));
  }

  @Override
  public void readFiles(Collection<String> paths, FileVisitor visitor) throws InterruptedException {
    requireAlive();
    faults().before(FakeOperation.READ_FILES);
    for (String path : paths) {
      byte[] bytes = files.read(path).orElse(null);
      if (bytes != null) {
        try {
          visitor.file(path, bytes.length, new ByteArrayInputStream(bytes));
        } catch (IOException e) {
          throw new UncheckedIOException("The visitor failed on " + path, e);
        }
      }
    }
  }

  @Override
  public FileListing list(ListRequest request) throws InterruptedException {
    requireAlive();
    faults().before(FakeOperation.READ_FILES);
    return files.list(request);
  }

  @Override
  public void deleteFiles(Collection<String> paths) throws InterruptedException {
    requireAlive();
    faults().before(FakeOperation.WRITE_FILES);
    paths.forEach(files::delete);
  }

  @Override
  public AutoCloseable watch(String root, Consumer<String> onChange) {
    host.require(SandboxCapability.WATCH);
    requireAlive();
    return files.watch(root, onChange);
  }

  @Override
  public String hostAddress() {
    host.require(SandboxCapability.HOST_ACCESS);
    requireAlive();
    return "localhost";
  }

  @Override
  public boolean isAlive() throws InterruptedException {
    faults().before(FakeOperation.IS_ALIVE);
    return gone == null;
  }

  @Override
  public void terminate() throws InterruptedException {
    faults().before(FakeOperation.TERMINATE);
    end("was terminated");
  }

  /** Ends it, by itself or from outside; only the first time counts. */
  void end(String how) {
    synchronized (this) {
      if (gone != null) {
        return;
      }
      gone = "sandbox " + id + " " + how;
    }
    String reason = String.valueOf(gone);
    processes.values().forEach(process -> process.lose(reason));
    host.remove(this);
  }

  SandboxListing listing() {
    return new SandboxListing(id, spec.name(), spec.labels(), createdAt, true);
  }

  String runtimeId() {
    return runtimeId;
  }

  String name() {
    return spec.name();
  }

  // --- for processes ---

  void requireAlive() {
    if (gone != null) {
      throw new AgentRuntimeException(StandardError.SANDBOX_LOST, gone);
    }
  }

  FakeFaults faults() {
    return host.faults();
  }

  FakeFiles files() {
    return files;
  }

  @Nullable FakeProgram program(String command) {
    return host.program(command);
  }

  Map<String, String> environmentOf(ProcessSpec process) {
    Map<String, String> all = new LinkedHashMap<>(spec.environment());
    all.putAll(process.environment());
    return Collections.unmodifiableMap(all);
  }

  int countRunning(String argument) {
    return (int)
        processes.values().stream()
            .flatMap(process -> process.runningCommands().stream())
            .filter(command -> command.contains(argument))
            .count();
  }

  List<List<String>> runningCommands() {
    return processes.values().stream()
        .flatMap(process -> process.runningCommands().stream())
        .toList();
  }
}
